import { X509Certificate } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import type { Recording } from '../recording.ts';
import { mainFixture } from './main.fixture.ts';

interface Issued {
  readonly type: string;
  readonly dir: string;
  readonly files: Readonly<Record<string, string>>;
  readonly 'expires-at': string;
}

function credentialsOf(recording: Recording): Readonly<Record<string, Issued>> {
  expect(recording.of('fail')).toEqual([]);
  return JSON.parse(recording.values('output')['credentials'] ?? '{}');
}

const arn = 'arn:aws:rolesanywhere:us-east-1:123456789012';

const everywhere = `
- type: identity
- {type: identity, name: plain, ssh_config: off}
- {type: application, app_name: hello}
- {type: application, app_name: api, specific_tls_naming: true}
- {type: database, service: pg, format: tls, database: d, username: u}
- {type: database, service: mongo, format: mongo}
- {type: database, service: crdb, format: cockroach}
- {type: kubernetes, kubernetes_cluster: prod, disable_exec_plugin: true}
- {type: kubernetes, kubernetes_cluster: staging}
- {type: ssh_host, principals: [node-1.rig.example.com]}
`;

const from17 = `${everywhere}
- {type: kubernetes/v2, selectors: [{name: staging}, {labels: {region: eu}}]}
- {type: workload-identity-x509, selector: {name: build}, credential_ttl: 30m}
- {type: workload-identity-jwt, selector: {labels: {task: [deploy]}}, audiences: [a, b]}
- type: workload-identity-aws-roles-anywhere
  name: aws
  selector: {name: deploy}
  role_arn: ${arn}:role/1
  profile_arn: ${arn}:profile/1
  trust_anchor_arn: ${arn}:trust_anchor/1
  session_duration: 2h
`;

const names = [
  'identity',
  'plain',
  'application-hello',
  'application-api',
  'database-pg-d-u',
  'database-mongo',
  'database-crdb',
  'kubernetes-prod',
  'kubernetes-staging',
  'ssh_host-node-1-rig-example-com',
];
const names17 = [
  ...names,
  'kubernetes-v2',
  'workload-identity-x509-build',
  'workload-identity-jwt',
  'aws',
];

describe.each([
  { version: '15.2.5', services: everywhere, expected: names },
  { version: '16.4.0', services: everywhere, expected: names },
  {
    version: '17.2.8',
    services: from17.replace(/\n- type: workload-identity-aws[^]*/, ''),
    expected: names17.slice(0, -1),
  },
  { version: '17.7.8', services: from17, expected: names17 },
  { version: '18.2.4', services: from17, expected: names17 },
  { version: '19.0.0', services: from17, expected: names17 },
])('every type of service with tbot $version', ({ version, services, expected }) => {
  const fixture = mainFixture({ teleportVersion: version });

  it('is issued by one join, verified and published', async () => {
    const joins = fixture.testbed.proxy.joins.length;
    const tokens = fixture.testbed.github.requests.length;
    const recording = await fixture.play({ inputs: { services } });
    const credentials = credentialsOf(recording);
    expect(Object.keys(credentials)).toEqual(expected);
    expect(fixture.testbed.proxy.joins.length - joins).toBe(1);
    expect(fixture.testbed.github.requests.length - tokens).toBe(1);
    for (const [name, { dir, files }] of Object.entries(credentials)) {
      expect(dir.endsWith(`/${name}`)).toBe(true);
      for (const file of Object.values(files)) expect(file.startsWith(`${dir}/`)).toBe(true);
    }
    const messages = recording.of('notice').filter(([, text]) => text?.includes('cannot revoke'));
    expect(messages).toHaveLength(expected.includes('aws') ? 1 : 0);
    expect(recording.of('notice')).toHaveLength(messages.length);
  });
});

const fixture = mainFixture();
const { play } = fixture;

/** Plays a step and reads its files before it ends, because the post step removes them. */
async function inspect<T>(
  inputs: Readonly<Record<string, string>>,
  at: (outputs: Readonly<Record<string, string>>) => Promise<T>,
): Promise<{ readonly recording: Recording; readonly seen: T }> {
  const given: Record<string, string> = {};
  const seen: Promise<T>[] = [];
  const recording = await play({
    inputs,
    around: (ci) => ({
      ...ci,
      output: (name, value) => {
        ci.output(name, value);
        given[name] = value;
      },
      info: (text) => {
        ci.info(text);
        if (text.startsWith('Joined')) seen.push(at(given));
      },
    }),
  });
  const [first] = seen;
  if (!first) throw new Error(JSON.stringify(recording.of('fail')));
  return { recording, seen: await first };
}

describe('the shorthands', () => {
  it('are added to `services`, without an identity', async () => {
    const credentials = credentialsOf(
      await play({
        inputs: {
          services: '- {type: application, app_name: api}',
          app: 'hello',
          database: 'pg/d/u',
          'kubernetes-cluster': 'prod, staging',
        },
      }),
    );
    expect(Object.keys(credentials)).toEqual([
      'application-api',
      'kubernetes-prod',
      'kubernetes-staging',
      'application-hello',
      'database-pg-d-u',
    ]);
  });

  it('issue an identity for a leaf cluster, and set the variable of tsh', async () => {
    const recording = await play({ inputs: { 'leaf-cluster': 'rig.example.com' } });
    expect(Object.keys(credentialsOf(recording))).toEqual(['identity-rig-example-com']);
    expect(recording.of('exportVariable')).toContainEqual(['TELEPORT_CLUSTER', 'rig.example.com']);
  });

  it('create one self-contained kubeconfig', async () => {
    const { recording, seen } = await inspect(
      { 'kubernetes-cluster': 'prod\nstaging' },
      async (given) => readFile(given['kubeconfig'] ?? '', 'utf8'),
    );
    const config = parse(seen);
    expect(config['contexts']).toHaveLength(2);
    expect(config['users'][0]['user']).toHaveProperty('client-key-data');
    expect(recording.of('exportVariable')).toContainEqual([
      'KUBECONFIG',
      recording.values('output')['kubeconfig'],
    ]);
    const { 'kubernetes-prod': prod, ...others } = credentialsOf(recording);
    expect(prod).toMatchObject({ type: 'kubernetes/v2' });
    expect(others).toEqual({ 'kubernetes-staging': prod });
    const masked = recording.of('mask').map(([text]) => text);
    expect(masked).toContain(config['users'][0]['user']['client-key-data']);
  });
});

describe('several kubeconfigs', () => {
  it('are joined in KUBECONFIG', async () => {
    const services = ['prod', 'staging'].map(
      (name) => `- {type: kubernetes, kubernetes_cluster: ${name}}`,
    );
    const recording = await play({
      inputs: { services: services.join('\n') },
      env: { KUBECONFIG: '/etc/kubeconfig' },
    });
    const credentials = credentialsOf(recording);
    const files = Object.values(credentials).map(({ files: { kubeconfig } }) => kubeconfig);
    expect(recording.of('exportVariable')).toContainEqual(['KUBECONFIG', files.join(':')]);
    expect(recording.of('notice')).toEqual([
      ['machine-id-action', expect.stringContaining('KUBECONFIG')],
    ]);
  });
});

describe('the flat outputs', () => {
  const services = `
- type: identity
- {type: workload-identity-x509, selector: {name: build}}
- {type: database, service: pg}
`;

  it('are those of the first SVID, database or application, otherwise of the identity', async () => {
    const { seen } = await inspect({ services }, async (given) => ({
      certificate: await readFile(given['certificate-file'] ?? '', 'utf8'),
      names: ['identity-file', 'certificate-file', 'key-file', 'ca-file', 'destination-dir'].map(
        (name) => given[name]?.split('/').slice(-2).join('/'),
      ),
    }));
    expect(new X509Certificate(seen.certificate).subjectAltName).toContain('spiffe://');
    expect(seen.names).toEqual([
      'identity/identity',
      'workload-identity-x509-build/svid.pem',
      'workload-identity-x509-build/svid_key.pem',
      'workload-identity-x509-build/svid_bundle.pem',
      expect.stringMatching(/\/identity$/),
    ]);
    const database = (await play({ inputs: { database: 'pg' } })).values('output');
    expect(database['ca-file']).toMatch(/database-pg\/teleport-host-ca\.crt$/);
    const format = '- {type: database, service: mongo, format: mongo}';
    const mongo = (await play({ inputs: { services: format } })).values('output');
    expect(mongo['ca-file']).toMatch(/database-mongo\/mongo\.cas$/);
  });

  it('contain the AWS credentials file, whose keys are masked', async () => {
    const { seen, recording } = await inspect(
      { services: from17.slice(from17.indexOf('- type: workload-identity-aws')) },
      async (given) =>
        readFile(JSON.parse(given['credentials'] ?? '').aws.files['aws-credentials'], 'utf8'),
    );
    const secrets = [...seen.matchAll(/^aws_(?:secret|session)\w+ *= (\S+)$/gm)].map(
      ([, value]) => value,
    );
    expect(secrets).toHaveLength(2);
    const masked = recording.of('mask').map(([text]) => text);
    for (const secret of secrets) expect(masked).toContain(secret);
    expect(recording.of('exportVariable').map(([name]) => name)).toContain(
      'AWS_SHARED_CREDENTIALS_FILE',
    );
    expect(recording.of('info').flat()).toContainEqual(
      expect.stringMatching(/^Joined rig\.example\.com /),
    );
  });
});

describe('a resource that the bot cannot see', () => {
  it.each([
    ['- {type: application, app_name: nope}', 'an application named `nope`', '`application-nope`'],
    ['- {type: database, service: nope}', 'a database named `nope`', '`database-nope`'],
    [
      '- {type: kubernetes, kubernetes_cluster: nope}',
      'a Kubernetes cluster named `nope`',
      '`kubernetes-nope`',
    ],
    ['- {type: kubernetes/v2, selectors: [{name: nope}]}', 'named `nope`', '`kubernetes-v2-nope`'],
    ['- {type: workload-identity-x509, selector: {name: nope}}', '', ''],
    [
      '- {type: workload-identity-jwt, selector: {labels: {env: [ci]}}, audiences: [a]}',
      'More than one',
      '',
    ],
    [
      '- {type: kubernetes/v2, selectors: [{labels: {region: moon}}]}',
      'the kubeconfig is empty',
      '',
    ],
  ])('%s', async (services, sought, credential) => {
    const recording = await play({ inputs: { services } });
    const [[title, text] = []] = recording.of('fail');
    expect({ code: title?.replace('machine-id-action: ', '') }).toEqual({
      code: 'service-not-found',
    });
    expect(text).toContain(sought);
    expect(text).toContain(credential);
    expect(recording.of('output')).toEqual([]);
  });

  // tbot exits after the first denial, so its log may not contain all of them.
  it('is reported together with all others in the log of tbot', async () => {
    const recording = await play({ inputs: { app: 'nope1, nope2', database: 'nope3' } });
    const log = recording.of('group').flat().join('\n');
    const denied = new Set([...log.matchAll(/"(nope\d)" not found/g)].map(([, name]) => name));
    expect(denied.size).toBeGreaterThan(0);
    const messages = recording.of('fail').concat(recording.of('info')).flat().join('\n');
    for (const name of denied) expect(messages).toContain(`named \`${name}\``);
  });

  it('can be a role', async () => {
    const recording = await play({ inputs: { services: '- {type: identity, roles: [nope]}' } });
    expect(recording.of('fail')).toEqual([
      ['machine-id-action: role-denied', expect.stringContaining('`roles` in `services`')],
    ]);
  });

  it('is not shown if it is a secret join token', async () => {
    const inputs = { 'join-method': 'token', token: 'hunter2hunter2' };
    const recording = await play({ inputs });
    expect(recording.of('fail')).toHaveLength(1);
    const messages = recording.said.filter(([what]) => what !== 'mask').flat();
    expect(messages.join('\n')).not.toContain('hunter2');
  });
});

describe('a feature that this tbot lacks', () => {
  const old = mainFixture({ teleportVersion: '17.2.5' });

  it('is a Problem that names the version with the feature', async () => {
    const recording = await old.play({
      inputs: {
        services:
          '- {type: kubernetes/v2, selectors: [{name: prod}]}\n- {type: identity, allow_reissue: true}',
      },
    });
    expect(recording.of('fail')).toEqual([
      [
        'machine-id-action: version',
        expect.stringMatching(
          /does not support this request:\n- .*requires tbot 17\.2\.7 or newer\.\n- .*requires tbot 17\.2\.8 or newer\./,
        ),
      ],
    ]);
    expect(old.testbed.proxy.joins).toEqual([]);
  });

  it('is replaced for a shorthand, with the same credential names', async () => {
    const inputs = { 'kubernetes-cluster': 'prod, staging' };
    const older = credentialsOf(await old.play({ inputs }));
    const newer = credentialsOf(await play({ inputs }));
    expect(older).toMatchObject({ 'kubernetes-prod': { type: 'kubernetes' } });
    expect(newer).toMatchObject({ 'kubernetes-prod': { type: 'kubernetes/v2' } });
    expect(Object.keys(older)).toEqual(['kubernetes-prod', 'kubernetes-staging']);
    expect(Object.keys(newer)).toEqual(Object.keys(older));
  });
});

describe('a token in a variable', () => {
  it('is masked before any request, and passed only to tbot', async () => {
    const recording = await play({
      inputs: { 'join-method': 'circleci' },
      env: { CIRCLE_OIDC_TOKEN: 'eyJhbGciOi.payload.signature' },
    });
    const mask = recording.said.findIndex(
      ([what, text]) => what === 'mask' && text?.endsWith('signature'),
    );
    expect(mask).toBeGreaterThan(-1);
    expect(recording.said.slice(0, mask).map(([what]) => what)).toEqual(['saveState']);
    expect(recording.of('fail')).toHaveLength(1);
    const messages = recording.said
      .filter(([what]) => what !== 'mask')
      .flat()
      .join('\n');
    expect(messages).not.toContain('signature');
  });

  it('is named if it is missing', async () => {
    const recording = await play({ inputs: { 'join-method': 'gitlab' } });
    expect(recording.of('fail')).toEqual([
      ['machine-id-action: no-identity', expect.stringContaining('TBOT_GITLAB_JWT')],
    ]);
  });
});
