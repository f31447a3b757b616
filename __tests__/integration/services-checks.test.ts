import { generateKeyPairSync } from 'node:crypto';
import { chmod, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SignJWT, UnsecuredJWT } from 'jose';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import * as yaml from 'yaml';
import type { Credential } from '../../src/services/credential.ts';
import { readServices } from '../../src/services/read.ts';
import { maskWritten, readCredential } from '../../src/services/verify.ts';
import {
  type Run,
  service,
  type ServiceFixture,
  startServiceFixture,
} from './testbed-services.fixture.ts';

const arns = ['role', 'profile', 'trust_anchor'].map(
  (name) => `${name}_arn: "arn:aws:rolesanywhere:us-east-1:123456789012:${name}/1"`,
);
const kinds: Readonly<Record<string, readonly [type: string, keys: string]>> = {
  id: ['identity', 'ssh_config: "on"'],
  tls: ['database', 'service: pg, format: tls'],
  mongo: ['database', 'service: mongo, format: mongo'],
  kube: ['kubernetes/v2', 'selectors: [{name: prod}], disable_exec_plugin: true'],
  exec: ['kubernetes', 'kubernetes_cluster: prod'],
  host: ['ssh_host', 'principals: [a]'],
  x509: ['workload-identity-x509', 'selector: {name: build}'],
  jwt: ['workload-identity-jwt', 'selector: {name: build}, audiences: [a]'],
  aws: ['workload-identity-aws-roles-anywhere', `selector: {name: deploy}, ${arns.join(', ')}`],
};

let fixture: ServiceFixture;
let run: Run;
let other: Run;
let dir = '';
beforeAll(async () => {
  fixture = await startServiceFixture();
  const all = Object.entries(kinds).map(([folder, [type, keys]]) => service(folder, type, keys));
  run = await fixture.run('18.2.4', all);
  other = await fixture.run('18.2.4', all);
  if (run.code !== 0) throw new Error(run.stderr);
});
afterAll(async () => {
  await fixture[Symbol.asyncDispose]();
});
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'checks-'));
  return async () => rm(dir, { recursive: true });
});

/** Reads a copy of the files that the stand-in wrote, with some of them changed. */
async function read(
  folder: string,
  changes: Readonly<Record<string, string>> = {},
): Promise<{ readonly credential: Credential; readonly masked: readonly string[] }> {
  for (const name of await readdir(join(run.directory, folder)))
    await writeFile(join(dir, name), changes[name] ?? run.read(folder, name), { mode: 0o600 });
  for (const [name, text] of Object.entries(changes))
    await writeFile(join(dir, name), text, { mode: 0o600 });
  const [type, keys] = kinds[folder] ?? [];
  const [request] = readServices(`- {type: ${type}, ${keys}}`, yaml);
  if (!request) throw new Error(folder);
  const masked: string[] = [];
  const planned = { name: 'mine', service: request.service, dir };
  maskWritten([planned], (text) => masked.push(text));
  return { credential: await readCredential(planned, () => undefined), masked };
}

const unusable = (why: string): object => ({ code: 'tbot', message: expect.stringContaining(why) });

describe('a truncated file', () => {
  it.each([
    ['identity', /identity file is incomplete/, 0.9],
    ['identity', /identity file is incomplete/, 0.1],
    ['key', /it contains a damaged certificate or key/, 0.5],
    ['tlscert', /it contains a damaged certificate or key/, 0.5],
  ])('%s is rejected', async (name, why, part) => {
    const whole = run.read('id', name);
    const cut = whole.slice(0, Math.ceil(whole.length * part));
    await expect(read('id', { [name]: cut })).rejects.toMatchObject({
      code: 'tbot',
      message: expect.stringMatching(why),
    });
    expect((await read('id')).credential.type).toBe('identity');
  });
});

describe('an SSH certificate', () => {
  it('of a user is rejected for a host, and vice versa', async () => {
    const [user, host] = [run.read('id', 'key-cert.pub'), run.read('host', 'ssh_host-cert.pub')];
    await expect(read('id', { 'key-cert.pub': host })).rejects.toMatchObject(
      unusable('its SSH certificate is not a user certificate'),
    );
    await expect(read('host', { 'ssh_host-cert.pub': user })).rejects.toMatchObject(
      unusable('its SSH certificate is not a host certificate'),
    );
  });
});

it('describes a damaged file without the message of OpenSSL', async () => {
  const damaged = '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n';
  await expect(read('id', { tlscert: damaged })).rejects.toMatchObject(
    unusable('it contains a damaged certificate or key'),
  );
});

describe('an issued credential', () => {
  it.each(Object.keys(kinds))('%s: is usable and has an expiry', async (folder) => {
    const { credential } = await read(folder);
    expect(Number(credential.expiresAt)).toBeGreaterThan(Date.now());
    expect(Object.keys(credential.files)).not.toContain('svid-crl');
  });

  it.each(['x509', 'jwt'])('%s: names its cluster', async (folder) => {
    expect((await read(folder)).credential).toMatchObject({
      cluster: 'rig.example.com',
      certificate: undefined,
    });
  });

  it('has a revocation list only if tbot writes one', async () => {
    const { credential } = await read('x509', { 'svid_crl.pem': 'x\n' });
    expect(credential.files['svid-crl']).toBe(join(dir, 'svid_crl.pem'));
  });

  it('has its keys and tokens masked, also those in a kubeconfig', async () => {
    const { masked: ofKube } = await read('kube');
    const [{ user }] = yaml.parse(run.read('kube', 'kubeconfig.yaml')).users;
    expect(ofKube).toContain(user['client-key-data']);
    const { masked: ofJwt } = await read('jwt');
    expect(ofJwt).toContain(run.read('jwt', 'jwt_svid').trim());
    const { masked: ofX509 } = await read('x509');
    expect(ofX509.length).toBeGreaterThan(0);
    const { masked: ofHost } = await read('host');
    expect(ofHost.length).toBeGreaterThan(2);
  });
});

describe('a credential is rejected if', () => {
  it('its TLS files do not match', async () => {
    await expect(read('tls', { 'tls.key': other.read('tls', 'tls.key') })).rejects.toMatchObject(
      unusable('the TLS certificate does not match the private key'),
    );
    const [certificate = ''] = run.read('mongo', 'mongo.crt').split('-----END CERTIFICATE-----');
    const mixed = `${certificate}-----END CERTIFICATE-----\n${other.read('mongo', 'key')}`;
    await expect(read('mongo', { 'mongo.crt': mixed })).rejects.toMatchObject(
      unusable('the TLS certificate does not match the private key'),
    );
  });

  it('its host key does not match', async () => {
    await expect(read('host', { ssh_host: other.read('host', 'ssh_host') })).rejects.toMatchObject(
      unusable('the SSH certificate does not match the private key'),
    );
    const broken = '-----BEGIN OPENSSH PRIVATE KEY-----\nAAAA\n-----END OPENSSH PRIVATE KEY-----\n';
    await expect(read('host', { ssh_host: broken })).rejects.toMatchObject(
      unusable('the SSH key is damaged'),
    );
  });

  it('its SVID does not match the key or is not an SVID', async () => {
    const key = { 'svid_key.pem': other.read('x509', 'svid_key.pem') };
    await expect(read('x509', key)).rejects.toMatchObject(
      unusable('does not match the private key'),
    );
    const noId = { 'svid.pem': run.read('tls', 'tlscert'), 'svid_key.pem': run.read('tls', 'key') };
    await expect(read('x509', noId)).rejects.toMatchObject(unusable('no SPIFFE ID'));
    const bundle = { 'svid_bundle.pem': run.read('x509', 'svid.pem') };
    await expect(read('x509', bundle)).rejects.toMatchObject(
      unusable('does not contain a CA certificate'),
    );
  });

  it('other users can read its key', async () => {
    await read('x509');
    await chmod(join(dir, 'svid_key.pem'), 0o640);
    const [request] = readServices('- {type: workload-identity-x509, selector: {name: a}}', yaml);
    if (!request) throw new Error('nothing was read');
    const planned = { name: 'mine', service: request.service, dir };
    await expect(readCredential(planned, () => undefined)).rejects.toMatchObject(
      unusable('other users can read'),
    );
  });

  it('the certificate in its kubeconfig does not match the key', async () => {
    const config = yaml.parse(run.read('kube', 'kubeconfig.yaml'));
    const foreign = yaml.parse(other.read('kube', 'kubeconfig.yaml'));
    config.users[0].user['client-key-data'] = foreign.users[0].user['client-key-data'];
    await expect(read('kube', { 'kubeconfig.yaml': yaml.stringify(config) })).rejects.toMatchObject(
      unusable('the certificate in the kubeconfig does not match the private key'),
    );
  });
});

/** Reads a credential with another kubeconfig; `kube` must be self-contained, `exec` need not. */
async function check(config: unknown, folder = 'exec'): Promise<unknown> {
  const text = typeof config === 'string' ? config : yaml.stringify(config);
  return read(folder, { 'kubeconfig.yaml': text });
}

describe('a kubeconfig', () => {
  const clusters = [{ name: 'a', cluster: { server: 'https://a' } }];
  const contexts = [{ name: 'a', context: { cluster: 'a', user: 'u' } }];
  const users = [{ name: 'u', user: { exec: {} } }];
  const whole = { clusters, contexts, users, 'current-context': 'a' };
  const further = [
    { cluster: 'a', user: 'u' },
    { cluster: 'b', user: 'u' },
    { cluster: 'a', user: 'v' },
  ].map((context) => ({ ...whole, contexts: [...contexts, { name: 'b', context }] }));

  it.each([
    [{ ...whole, 'current-context': '' }, 'does not exist'],
    [{ ...whole, clusters: [{ name: 'b' }] }, 'no cluster'],
    [{ ...whole, clusters: [{ name: 'a', cluster: {} }] }, 'no cluster'],
    [{ ...whole, users: [] }, 'no user'],
    [{ ...whole, users: [{ name: 'u', user: {} }] }, 'no certificate'],
    ['a: [', 'is not YAML'],
  ])('must have a current context with a cluster and a user: %j', async (config, why) => {
    await expect(check(whole)).resolves.toBeDefined();
    await expect(check(config)).rejects.toMatchObject(unusable(why));
  });

  it('must have a cluster and a user for each of its contexts', async () => {
    await expect(check(further[0])).resolves.toBeDefined();
    await expect(check(further[1])).rejects.toMatchObject(unusable('context b of the'));
    await expect(check(further[2])).rejects.toMatchObject(
      unusable('b of the kubeconfig has no user'),
    );
  });

  it('must not use an exec plugin if it is to be self-contained', async () => {
    await expect(check(whole, 'kube')).rejects.toMatchObject(unusable('uses an exec plugin'));
  });

  it('must have a cluster', async () => {
    await expect(check({ clusters: [] })).rejects.toMatchObject({ code: 'service-not-found' });
    await expect(check('text')).rejects.toMatchObject({ code: 'service-not-found' });
  });
});

async function svid(text: string): Promise<Credential> {
  return (await read('jwt', { jwt_svid: text })).credential;
}

function svidFor(aud: string | string[]): SignJWT {
  return new SignJWT({ aud }).setSubject('spiffe://a.b/c').setExpirationTime(2_000_000_000);
}

describe('a JWT SVID', () => {
  it('must have an expiry, a SPIFFE ID and the requested audience', async () => {
    const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const sign = async (jwt: SignJWT): Promise<string> =>
      jwt.setProtectedHeader({ alg: 'ES256' }).sign(privateKey);
    expect(await svid(`${await sign(svidFor('a'))}\n`)).toMatchObject({
      cluster: 'a.b',
      expiresAt: new Date(2e12),
    });
    expect(await svid(await sign(svidFor(['b', 'a'])))).toMatchObject({ cluster: 'a.b' });
    await expect(svid(await sign(new SignJWT({ aud: 'a' })))).rejects.toMatchObject(
      unusable('no expiry time'),
    );
    const noId = await sign(new SignJWT({ aud: 'a' }).setExpirationTime('1h'));
    await expect(svid(noId)).rejects.toMatchObject(unusable('no SPIFFE ID'));
    await expect(svid(await sign(svidFor(['b', 'c'])))).rejects.toMatchObject(
      unusable('requested audiences'),
    );
    const none = new SignJWT({}).setSubject('spiffe://a.b/c').setExpirationTime('1h');
    await expect(svid(await sign(none))).rejects.toMatchObject(unusable('requested audiences'));
    await expect(svid('text')).rejects.toMatchObject(unusable('Invalid JWT'));
  });
});

async function session(text: string): Promise<Date | undefined> {
  return (await read('aws', { aws_credentials: text })).credential.expiresAt;
}

describe('an AWS session', () => {
  const keys = 'aws_access_key_id=a\naws_secret_access_key = b\naws_session_token= c';

  it('is complete and in its profile', async () => {
    const moment = new Date('2026-11-21T00:00:00Z');
    const [p, q] = ['[default]', '[q]'];
    expect(await session(`${q}\n${p}\n${keys}\nexpiration = ${Number(moment)}\n`)).toEqual(moment);
    expect(await session(`[ default ]\r\n${keys}\r\nexpiration=2026-11-21T00:00:00Z`)).toEqual(
      moment,
    );
    expect(await session(`${p}\n${keys}`)).toBeUndefined();
    expect(await session(`${p}\n${keys}\nexpiration = soon`)).toBeUndefined();
    await expect(session(`${q}\n${keys}`)).rejects.toMatchObject(unusable('no profile `default`'));
    await expect(session(`${p}\naws_access_key_id=a`)).rejects.toMatchObject(
      unusable('lacks aws_secret_access_key, aws_session_token'),
    );
  });
});

/** Returns what is masked of a file with this text. */
async function secretsIn(text: string): Promise<readonly string[]> {
  const masked: string[] = [];
  await writeFile(join(dir, 'file'), text);
  maskWritten([{ dir }], (secret) => masked.push(secret));
  return masked;
}

describe('maskWritten', () => {
  it('masks all values of an AWS session', async () => {
    const text = await readFile(join(run.directory, 'aws', 'aws_credentials'), 'utf8');
    const values = [...text.matchAll(/^aws_\w+ += (\S+)$/gm)].map(([, value]) => value);
    expect(values).toHaveLength(3);
    expect(await secretsIn(text)).toEqual(expect.arrayContaining(values));
  });

  it('masks line by line, and nothing that is public', async () => {
    const jwt = new UnsecuredJWT({ a: 'b' }).setSubject('somebody').encode();
    expect(await secretsIn(`users:\n- user:\n    token: "abcdefgh1"\n`)).toEqual(['abcdefgh1']);
    expect(await secretsIn(jwt)).toEqual([]);
    expect(await secretsIn(`${jwt}signature`)).toContain('signature');
    for (const name of ['tlscert', 'teleport-host-ca.crt', 'key.pub'])
      expect(await secretsIn(await readFile(join(run.directory, 'tls', name), 'utf8'))).toEqual([]);
  });
});
