import { generateKeyPairSync } from 'node:crypto';
import { chmod, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SignJWT, UnsecuredJWT } from 'jose';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import * as yaml from 'yaml';
import { awsSession } from '../../src/services/verify/aws.ts';
import { type Credential, readCredential } from '../../src/services/verify/credential.ts';
import { checkKubeconfig } from '../../src/services/verify/kubeconfig.ts';
import { secretsIn } from '../../src/services/verify/secrets.ts';
import { maskWritten } from '../../src/services/verify/written.ts';
import { readServices } from '../../src/services/read.ts';
import { readJwtSvid } from '../../src/services/verify/svid.ts';
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

/** Reads a copy of what the stand-in wrote, with some files changed. */
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
  return { credential: await readCredential(planned), masked };
}

const unusable = (why: string): object => ({ code: 'tbot', message: expect.stringContaining(why) });

describe('a file that was cut short', () => {
  it.each([
    ['identity', /identity file is not whole/, 0.9],
    ['identity', /identity file is not whole/, 0.1],
    ['ssh_config', /ssh-config is not whole/, 0.2],
    ['known_hosts', /known-hosts is not whole/, 0.01],
    ['teleport-host-ca.crt', /can't be used/, 0.5],
  ])('%s is noticed', async (name, why, part) => {
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
  it('of a user is none of a host, and the other way round', async () => {
    const [user, host] = [run.read('id', 'key-cert.pub'), run.read('host', 'ssh_host-cert.pub')];
    await expect(read('id', { 'key-cert.pub': host })).rejects.toMatchObject(
      unusable('its SSH certificate is not one of a user'),
    );
    await expect(read('host', { 'ssh_host-cert.pub': user })).rejects.toMatchObject(
      unusable('its SSH certificate is not one of a host'),
    );
  });
});

it('tells of a damaged file in words of its own', async () => {
  const damaged = '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n';
  await expect(read('id', { tlscert: damaged })).rejects.toMatchObject(
    unusable('a certificate or a key of it is damaged'),
  );
});

describe('what was issued', () => {
  it.each(Object.keys(kinds))('%s: can be used, and its end is known', async (folder) => {
    const { credential } = await read(folder);
    expect(Number(credential.expiresAt)).toBeGreaterThan(Date.now());
    expect(Object.keys(credential.files)).not.toContain('svid-crl');
  });

  it.each(['x509', 'jwt'])('%s: says of which cluster it is', async (folder) => {
    expect((await read(folder)).credential).toMatchObject({
      cluster: 'rig.example.com',
      certificate: undefined,
    });
  });

  it('has a list of revoked ones only when there are any', async () => {
    const { credential } = await read('x509', { 'svid_crl.pem': 'x' });
    expect(credential.files['svid-crl']).toBe(join(dir, 'svid_crl.pem'));
  });

  it('is masked: keys, tokens and keys within a kubeconfig', async () => {
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

describe('a credential that cannot be used is a Problem:', () => {
  it('its TLS files do not fit together', async () => {
    await expect(read('tls', { 'tls.key': other.read('tls', 'tls.key') })).rejects.toMatchObject(
      unusable('the TLS certificate is not of its private key'),
    );
    const [certificate = ''] = run.read('mongo', 'mongo.crt').split('-----END CERTIFICATE-----');
    const mixed = `${certificate}-----END CERTIFICATE-----\n${other.read('mongo', 'key')}`;
    await expect(read('mongo', { 'mongo.crt': mixed })).rejects.toMatchObject(
      unusable('the TLS certificate is not of its private key'),
    );
  });

  it('its host key is another', async () => {
    await expect(read('host', { ssh_host: other.read('host', 'ssh_host') })).rejects.toMatchObject(
      unusable('the SSH certificate is not of its private key'),
    );
    const broken = '-----BEGIN OPENSSH PRIVATE KEY-----\nAAAA\n-----END OPENSSH PRIVATE KEY-----\n';
    await expect(read('host', { ssh_host: broken })).rejects.toMatchObject(unusable('is no key'));
  });

  it('its SVID is of another key, or is none', async () => {
    const key = { 'svid_key.pem': other.read('x509', 'svid_key.pem') };
    await expect(read('x509', key)).rejects.toMatchObject(unusable('not of its private key'));
    const noId = { 'svid.pem': run.read('tls', 'tlscert'), 'svid_key.pem': run.read('tls', 'key') };
    await expect(read('x509', noId)).rejects.toMatchObject(unusable('no SPIFFE id'));
    const bundle = { 'svid_bundle.pem': run.read('x509', 'svid.pem') };
    await expect(read('x509', bundle)).rejects.toMatchObject(unusable('holds no authority'));
  });

  it('its key may be read by others', async () => {
    await read('x509');
    await chmod(join(dir, 'svid_key.pem'), 0o640);
    const [request] = readServices('- {type: workload-identity-x509, selector: {name: a}}', yaml);
    if (!request) throw new Error('nothing was read');
    const planned = { name: 'mine', service: request.service, dir };
    await expect(readCredential(planned)).rejects.toMatchObject(unusable('others may read'));
  });

  it('the certificate within its kubeconfig is of another key', async () => {
    const config = yaml.parse(run.read('kube', 'kubeconfig.yaml'));
    const foreign = yaml.parse(other.read('kube', 'kubeconfig.yaml'));
    config.users[0].user['client-key-data'] = foreign.users[0].user['client-key-data'];
    await expect(read('kube', { 'kubeconfig.yaml': yaml.stringify(config) })).rejects.toMatchObject(
      unusable('the certificate in the kubeconfig is not of its private key'),
    );
  });
});

async function check(config: object, selfContained = false): Promise<void> {
  return checkKubeconfig(yaml.stringify(config), selfContained);
}

describe('a kubeconfig', () => {
  const clusters = [{ name: 'a', cluster: { server: 'https://a' } }];
  const contexts = [{ name: 'a', context: { cluster: 'a', user: 'u' } }];
  const users = [{ name: 'u', user: { exec: {} } }];

  it('must lead kubectl to a cluster and a user', async () => {
    const whole = { clusters, contexts, users, 'current-context': 'a' };
    await expect(check(whole)).resolves.toBeUndefined();
    await expect(check({ ...whole, 'current-context': '' })).rejects.toThrow('is missing');
    await expect(check({ ...whole, clusters: [{ name: 'b' }] })).rejects.toThrow('no cluster');
    await expect(check({ ...whole, clusters: [{ name: 'a', cluster: {} }] })).rejects.toThrow(
      'no cluster',
    );
    await expect(check({ ...whole, users: [] })).rejects.toThrow('no user');
    await expect(check({ ...whole, users: [{ name: 'u', user: {} }] })).rejects.toThrow(
      'no certificate',
    );
    await expect(checkKubeconfig('a: [')).rejects.toThrow('is not YAML');
  });

  it('must do so for each of its contexts', async () => {
    const whole = { clusters, users, 'current-context': 'a' };
    const and = (cluster: string, user: string): object => ({
      ...whole,
      contexts: [...contexts, { name: 'b', context: { cluster, user } }],
    });
    await expect(check(and('a', 'u'))).resolves.toBeUndefined();
    await expect(check(and('b', 'u'))).rejects.toThrow('context b of the');
    await expect(check(and('a', 'v'))).rejects.toThrow('b of the kubeconfig has no user');
  });

  it('that was to be self-contained runs no program', async () => {
    const whole = { clusters, contexts, users, 'current-context': 'a' };
    await expect(check(whole, true)).rejects.toThrow('runs a program');
  });

  it('without clusters says that nothing was found', async () => {
    await expect(check({ clusters: [] })).rejects.toMatchObject({ code: 'service-not-found' });
    await expect(checkKubeconfig('text')).rejects.toMatchObject({ code: 'service-not-found' });
  });
});

describe('a JWT SVID', () => {
  it('must say when it ends and whose it is', async () => {
    const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const sign = async (jwt: SignJWT): Promise<string> =>
      jwt.setProtectedHeader({ alg: 'ES256' }).sign(privateKey);
    const good = await sign(
      new SignJWT({}).setSubject('spiffe://a.b/c').setExpirationTime(2_000_000_000),
    );
    expect(await readJwtSvid(`${good}\n`)).toEqual({ cluster: 'a.b', expiresAt: new Date(2e12) });
    await expect(readJwtSvid(await sign(new SignJWT({})))).rejects.toThrow('when it ends');
    await expect(readJwtSvid(await sign(new SignJWT({}).setExpirationTime('1h')))).rejects.toThrow(
      'no SPIFFE id',
    );
    const forA = await sign(
      new SignJWT({ aud: ['a', 'b'] }).setSubject('spiffe://a.b/c').setExpirationTime('1h'),
    );
    expect(await readJwtSvid(forA, ['b', 'a'])).toMatchObject({ cluster: 'a.b' });
    await expect(readJwtSvid(forA, ['a', 'c'])).rejects.toThrow('audiences that were asked for');
    await expect(readJwtSvid(good, ['a'])).rejects.toThrow('audiences that were asked for');
    await expect(readJwtSvid('text')).rejects.toThrow('Invalid JWT');
  });
});

describe('a session of AWS', () => {
  const keys = 'aws_access_key_id=a\naws_secret_access_key = b\naws_session_token= c';

  it('is that of its profile, and whole', () => {
    const moment = new Date('2026-11-21T00:00:00Z');
    expect(awsSession(`[x]\n[p]\n${keys}\nexpiration = ${Number(moment)}\n`, 'p')).toEqual(moment);
    expect(awsSession(`[ p ]\r\n${keys}\r\nexpiration=2026-11-21T00:00:00Z`, 'p')).toEqual(moment);
    expect(awsSession(`[p]\n${keys}`, 'p')).toBeUndefined();
    expect(awsSession(`[p]\n${keys}\nexpiration = soon`, 'p')).toBeUndefined();
    expect(() => awsSession(`[q]\n${keys}`, 'p')).toThrow('no profile `p`');
    expect(() => awsSession('[p]\naws_access_key_id=a', 'p')).toThrow(
      'lacks aws_secret_access_key, aws_session_token',
    );
  });
});

describe('secretsIn', () => {
  it('finds all that a session of AWS consists of, as AWS’s own action does', async () => {
    const text = await readFile(join(run.directory, 'aws', 'aws_credentials'), 'utf8');
    const values = [...text.matchAll(/^aws_\w+ += (\S+)$/gm)].map(([, value]) => value);
    expect(values).toHaveLength(3);
    expect(secretsIn(text)).toEqual(expect.arrayContaining(values));
  });

  it('finds them line by line, and leaves what is public', async () => {
    const jwt = new UnsecuredJWT({ a: 'b' }).setSubject('somebody').encode();
    expect(secretsIn(`users:\n- user:\n    token: "abcdefgh1"\n`)).toEqual(['abcdefgh1']);
    expect(secretsIn(jwt)).toEqual([]);
    expect(secretsIn(`${jwt}signature`)).toContain('signature');
    for (const name of ['tlscert', 'teleport-host-ca.crt', 'key.pub'])
      expect(secretsIn(await readFile(join(run.directory, 'tls', name), 'utf8'))).toEqual([]);
  });
});
