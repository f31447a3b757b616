import { createPrivateKey, createPublicKey, X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { IncomingMessage } from 'node:http';
import { get } from 'node:https';
import { text } from 'node:stream/consumers';
import { createLocalJWKSet, decodeJwt, type JSONWebKeySet, jwtVerify } from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import {
  type Run,
  service,
  type ServiceFixture,
  startServiceFixture,
} from './testbed-services.fixture.ts';

const base = ['.write-test', 'identity', 'key', 'key-cert.pub', 'key.pub', 'tlscert'];
const authorities = ['database', 'host', 'user'].map((name) => `teleport-${name}-ca.crt`);
const identityFiles = [...base, ...authorities];
const tlsNames = ['tls.cas', 'tls.crt', 'tls.key'];
const arns = ['role', 'profile', 'trust_anchor'].map(
  (name) => `${name}_arn: "arn:aws:rolesanywhere:us-east-1:123456789012:${name}/1"`,
);

const list = [
  service('app', 'application', 'app_name: hello'),
  service('app-tls', 'application', 'app_name: api, specific_tls_naming: true'),
  service('db', 'database', 'service: pg'),
  service('db-tls', 'database', 'service: pg, format: tls, username: u, database: d'),
  service('db-mongo', 'database', 'service: mongo, format: mongo'),
  service('db-crdb', 'database', 'service: crdb, format: cockroach'),
  service('kube', 'kubernetes', 'kubernetes_cluster: prod'),
  service('kube-plain', 'kubernetes', 'kubernetes_cluster: prod, disable_exec_plugin: true'),
  service('host', 'ssh_host', 'principals: [node-1.rig.example.com]'),
];
const listOf17 = [
  service('kube2', 'kubernetes/v2', 'selectors: [{name: staging}, {labels: {region: eu}}]'),
  service('x509', 'workload-identity-x509', 'selector: {name: build}'),
  service(
    'jwt',
    'workload-identity-jwt',
    'selector: {labels: {task: [deploy]}}, audiences: [a, b]',
  ),
  service(
    'aws',
    'workload-identity-aws-roles-anywhere',
    `selector: {name: deploy}, ${arns.join(', ')}, session_duration: 2h`,
  ),
];
const filesOf: Readonly<Record<string, readonly string[]>> = {
  app: identityFiles,
  'app-tls': [...identityFiles, ...tlsNames],
  db: identityFiles,
  'db-tls': [...identityFiles, ...tlsNames],
  'db-mongo': [...identityFiles, 'mongo.cas', 'mongo.crt'],
  'db-crdb': [...identityFiles, ...['ca.crt', 'node.crt', 'node.key'].map((n) => `cockroach/${n}`)],
  kube: [...identityFiles, 'kubeconfig.yaml'],
  'kube-plain': [...identityFiles, 'kubeconfig.yaml'],
  host: ['.write-test', 'ssh_host', 'ssh_host-cert.pub', 'ssh_host-user-ca.pub'],
  kube2: [...base, 'kubeconfig.yaml', 'teleport-host-ca.crt'],
  x509: ['.write-test', 'svid.pem', 'svid_bundle.pem', 'svid_key.pem'],
  jwt: ['.write-test', 'jwt_svid'],
  aws: ['aws_credentials'],
};

describe.each([
  { version: '15.0.0-dev', services: list },
  { version: '16.4.0', services: list },
  { version: '17.7.8', services: [...list, ...listOf17] },
  { version: '18.2.4', services: [...list, ...listOf17] },
  { version: '19.0.0', services: [...list, ...listOf17] },
])('the services of $version', ({ version, services }) => {
  let fixture: ServiceFixture;
  let run: Run;
  beforeAll(async () => {
    fixture = await startServiceFixture({ teleportVersion: version });
    run = await fixture.run(version, services);
  });
  afterAll(async () => await fixture[Symbol.asyncDispose]());
  const folders = () => Object.keys(filesOf).filter((folder) => run.files(folder).length > 0);
  const subject = (folder: string): Record<string, unknown> => ({
    ...new X509Certificate(run.read(folder, 'tlscert')).toLegacyObject().subject,
  });

  it('are all written by one join, private', () => {
    expect(run).toMatchObject({ code: 0, stdout: '' });
    expect(fixture.testbed.proxy.joins).toHaveLength(1);
    expect(folders()).toHaveLength(services.length);
    for (const folder of folders()) {
      const files = run.files(folder);
      expect([folder, files]).toEqual([folder, [...(filesOf[folder] ?? [])].toSorted()]);
      for (const file of files) expect(run.mode(folder, file)).toBe(0o600);
      expect(run.mode(folder, '.')).toBe(0o700);
    }
    expect(run.mode('db-crdb', 'cockroach')).toBe(0o700);
  });

  it('say in the certificate what it is for', () => {
    expect(subject('app')).toMatchObject({
      CN: 'bot-ci',
      '1.3.9999.1.4': expect.stringMatching(/^[\da-f-]{36}$/),
      '1.3.9999.1.5': 'rig.example.com',
      '1.3.9999.1.6': 'hello.rig.example.com',
      '1.3.9999.1.10': 'hello',
    });
    expect(subject('db-tls')).toMatchObject({
      '1.3.9999.2.1': 'pg',
      '1.3.9999.2.2': 'postgres',
      '1.3.9999.2.3': 'u',
      '1.3.9999.2.4': 'd',
    });
    expect(subject('kube')).toMatchObject({ '1.3.9999.1.3': 'prod' });
    expect(subject('db')).not.toHaveProperty('1.3.9999.2.3');
  });

  it('have keys that fit', () => {
    const fits = (folder: string, certificate: string, key: string) =>
      new X509Certificate(run.read(folder, certificate)).checkPrivateKey(
        createPrivateKey(run.read(folder, key)),
      );
    expect(fits('app-tls', 'tls.crt', 'tls.key')).toBe(true);
    expect(fits('db-mongo', 'mongo.crt', 'mongo.crt')).toBe(true);
    expect(fits('db-crdb', 'cockroach/node.crt', 'cockroach/node.key')).toBe(true);
    expect(run.read('db-mongo', 'mongo.cas')).toBe(fixture.testbed.proxy.authorities.database.pem);
    expect(run.read('db-tls', 'tls.cas')).toBe(fixture.testbed.proxy.authorities.host.pem);
  });

  it('tell kubectl where to go and how to prove itself', () => {
    const kubeconfig = (folder: string) => parse(run.read(folder, 'kubeconfig.yaml'));
    const { host } = fixture.testbed.proxy.authorities;
    const plugin = {
      command: expect.stringContaining(`/${version}/tbot`),
      args: ['kube', 'credentials', `--destination-dir=${run.directory}/kube`],
    };
    expect(kubeconfig('kube')).toMatchObject({
      'current-context': 'rig.example.com-prod',
      clusters: [
        {
          cluster: {
            server: `https://${fixture.testbed.proxy.address}`,
            'tls-server-name': 'kube-teleport-proxy-alpn.teleport.cluster.local',
            'certificate-authority-data': Buffer.from(host.pem).toString('base64'),
          },
        },
      ],
      users: [{ user: { exec: plugin } }],
    });
    const [{ user }] = kubeconfig('kube-plain').users;
    expect('exec' in user).toBe(version === '15.0.0-dev');
  });
});

function encode(name: string): string {
  return Buffer.from(name).toString('base64url');
}

function merge(profile: string): string {
  return service(
    'a',
    'workload-identity-aws-roles-anywhere',
    `selector: {name: deploy}, ${arns.join(', ')}, artifact_name: c, credential_profile_name: ${profile}`,
  );
}

async function published(fixture: ServiceFixture, url: string): Promise<JSONWebKeySet> {
  const ca = readFileSync(fixture.testbed.caFile);
  const response = await new Promise<IncomingMessage>((resolve, reject) => {
    get(url, { ca, agent: false }, resolve).on('error', reject);
  });
  return JSON.parse(await text(response));
}

describe('what came with 17', () => {
  let fixture: ServiceFixture;
  let run: Run;
  beforeAll(async () => {
    fixture = await startServiceFixture();
    run = await fixture.run('18.2.4', listOf17);
  });
  afterAll(async () => await fixture[Symbol.asyncDispose]());

  it('is a kubeconfig of several clusters by path, named as one likes', async () => {
    const selectors =
      'selectors: [{name: staging, default_namespace: web}, {labels: {region: eu}}]';
    const named = await fixture.run('18.2.4', [
      service('k', 'kubernetes/v2', `${selectors}, context_name_template: "{{ .KubeName }}!"`),
    ]);
    expect(parse(named.read('k', 'kubeconfig.yaml'))).toMatchObject({
      'current-context': 'staging!',
      clusters: ['staging', 'prod'].map((name) => ({
        cluster: {
          server: `https://${fixture.testbed.proxy.address}/v1/teleport/${encode('rig.example.com')}/${encode(name)}`,
        },
      })),
      contexts: [
        { name: 'staging!', context: { namespace: 'web', user: 'rig.example.com' } },
        { name: 'prod!', context: { user: 'rig.example.com' } },
      ],
    });
    const none = await fixture.run('18.2.4', [
      service('k', 'kubernetes/v2', 'selectors: [{labels: {region: moon}}]'),
    ]);
    expect(none.code).toBe(0);
    expect(parse(none.read('k', 'kubeconfig.yaml'))).toMatchObject({ clusters: [] });
  });

  it('is an X.509 SVID', () => {
    const svid = new X509Certificate(run.read('x509', 'svid.pem'));
    const bundle = new X509Certificate(run.read('x509', 'svid_bundle.pem'));
    expect(svid.subjectAltName).toBe('URI:spiffe://rig.example.com/ci/build, DNS:build.test');
    expect(svid.verify(bundle.publicKey)).toBe(true);
    expect(run.read('x509', 'svid_key.pem')).toMatch(/^-----BEGIN PRIVATE KEY-----\n/);
    expect(svid.checkPrivateKey(createPrivateKey(run.read('x509', 'svid_key.pem')))).toBe(true);
    const seconds = (svid.validToDate.getTime() - svid.validFromDate.getTime()) / 1000;
    expect(seconds).toBe(31 * 60);
  });

  it('is a JWT SVID that the cluster’s keys verify', async () => {
    const { key } = fixture.testbed.proxy.authorities.jwt;
    const jwt = run.read('jwt', 'jwt_svid');
    const { payload } = await jwtVerify(jwt, createPublicKey(key), { audience: 'b' });
    expect(payload).toMatchObject({ sub: 'spiffe://rig.example.com/ci/deploy', aud: ['a', 'b'] });
    const { iat = 0, exp = 0 } = decodeJwt(jwt);
    expect(exp - iat).toBe(31 * 60);
    const keys = createLocalJWKSet(await published(fixture, `${payload.iss}/jwt-jwks.json`));
    await expect(jwtVerify(jwt, keys, { audience: 'a' })).resolves.toBeDefined();
  });

  it('is a file of AWS credentials, beside what was in it', async () => {
    expect(run.read('aws', 'aws_credentials')).toMatch(
      /^\[default\]\naws_secret_access_key = \S+\naws_access_key_id {5}= ASIA[\dA-F]{16}\naws_session_token {5}= \S+\nexpiration {12}= \d{13}\n$/,
    );
    const [, milliseconds] = /expiration += (\d+)/.exec(run.read('aws', 'aws_credentials')) ?? [];
    expect(Number(milliseconds) - Date.now()).toBeGreaterThan(1.5 * 3600_000);
    const first = await fixture.run('18.2.4', [merge('one')]);
    const second = await fixture.run('18.2.4', [merge('two').replace('$DEST', first.directory)]);
    expect(second.code).toBe(0);
    expect(first.read('a', 'c').match(/^\[.*\]$/gm)).toEqual(['[one]', '[two]']);
  });

  it('may live as long as each service says', async () => {
    const ttl = 'credential_ttl: 2h, renewal_interval: 1h';
    const both = await fixture.run('18.2.4', [
      service('long', 'application', `app_name: hello, ${ttl}`),
      service('usual', 'application', 'app_name: hello'),
      service(
        'svid',
        'workload-identity-x509',
        `selector: {name: build}, ${ttl.replace('2h', '300h')}`,
      ),
    ]);
    const minutes = (folder: string, file: string) => {
      const { validFromDate, validToDate } = new X509Certificate(both.read(folder, file));
      return (validToDate.getTime() - validFromDate.getTime()) / 60_000;
    };
    expect(minutes('long', 'tlscert')).toBe(121);
    expect(minutes('usual', 'tlscert')).toBe(31);
    expect(minutes('svid', 'svid.pem')).toBe(24 * 60 + 1);
  });
});
