import { execFileSync } from 'node:child_process';
import { createPrivateKey, X509Certificate } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Ending, type Fixture, startFixture } from './testbed-teleport.fixture.ts';
import { needs } from '../requirements.ts';

const MINUTE = 60_000;
const baseFiles = [
  '.write-test',
  'identity',
  'key',
  'key-cert.pub',
  'key.pub',
  'known_hosts',
  'ssh_config',
  'teleport-database-ca.crt',
  'teleport-host-ca.crt',
  'teleport-user-ca.crt',
  'tlscert',
];
const perCluster = ['rig.example.com.known_hosts', 'rig.example.com.ssh_config'];

describe.each([
  { version: '15.0.0-dev', files: baseFiles, keyType: 'rsa' },
  { version: '18.2.4', files: [...baseFiles, ...perCluster].toSorted(), keyType: 'ec' },
])('a good run of $version', ({ version, files, keyType }) => {
  let fixture: Fixture;
  let ending: Ending;
  const read = (name: string) => readFileSync(join(fixture.destinations, 'identity', name), 'utf8');
  beforeAll(async () => {
    fixture = await startFixture(version);
    ending = await fixture.start();
  });
  afterAll(async () => await fixture[Symbol.asyncDispose]());

  it('exits successfully and keeps stdout empty', () => {
    expect(ending).toMatchObject({ code: 0, signal: null, stdout: '' });
    expect(ending.stderr).not.toContain('ERROR');
  });

  it('writes the files of an identity, which only the user can read', () => {
    expect(fixture.files()).toEqual(files);
    for (const name of files) {
      expect(statSync(join(fixture.destinations, 'identity', name)).mode & 0o777).toBe(0o600);
    }
    expect(statSync(join(fixture.destinations, 'identity')).mode & 0o777).toBe(0o700);
    expect(statSync(fixture.destinations).mode & 0o777).toBe(0o700);
  });

  it('has a TLS certificate of the user CA for its key', () => {
    const certificate = new X509Certificate(read('tlscert'));
    const authority = new X509Certificate(read('teleport-user-ca.crt'));
    const key = createPrivateKey(read('key'));
    expect(certificate.checkIssued(authority)).toBe(true);
    expect(certificate.verify(authority.publicKey)).toBe(true);
    expect(certificate.checkPrivateKey(key)).toBe(true);
    expect(key.asymmetricKeyType).toBe(keyType);
    expect(certificate.issuer).toBe('O=rig.example.com\nCN=rig.example.com');
    expect(read('teleport-user-ca.crt')).toBe(fixture.proxy.authorities.user.pem);
  });

  it('contains the bot and its roles', () => {
    const { subject } = new X509Certificate(read('tlscert')).toLegacyObject();
    const { '1.3.9999.2.20': instance, ...rest } = { ...subject };
    expect(/^[\da-f-]{36}$/.test(String(instance))).toBe(version.startsWith('18.'));
    expect(rest).toEqual({
      CN: 'bot-ci',
      O: ['access', 'editor'],
      L: ['root', 'ubuntu', '-teleport-internal-join'],
      street: 'rig.example.com',
      postalCode: '{"logins":["root","ubuntu"]}',
      '1.3.9999.1.7': 'rig.example.com',
      '1.3.9999.2.7': 'bot-ci',
      '1.3.9999.2.9': 'true',
    });
  });

  it('is valid for the requested lifetime, from a minute ago', () => {
    const { validFromDate, validToDate } = new X509Certificate(read('tlscert'));
    expect(validToDate.getTime() - validFromDate.getTime()).toBe(31 * MINUTE);
    expect(Math.abs(validFromDate.getTime() + MINUTE - Date.now())).toBeLessThan(30 * MINUTE);
  });

  it('writes key, SSH certificate, TLS certificate and host CA to the identity file', () => {
    const parts = [
      read('key'),
      read('key-cert.pub'),
      read('tlscert'),
      read('teleport-host-ca.crt'),
    ];
    expect(read('identity')).toBe(parts.join(''));
  });

  it('has an SSH certificate that OpenSSH reads', needs('ssh-keygen'), () => {
    const path = join(fixture.destinations, 'identity', 'key-cert.pub');
    const shown = execFileSync('ssh-keygen', ['-L', '-f', path], {
      encoding: 'utf8',
      env: { PATH: '/usr/bin:/bin', TZ: 'UTC' },
    });
    expect(shown).toContain('user certificate');
    expect(shown).toContain('Key ID: "bot-ci"');
    expect(shown).toMatch(/Principals:\s+root\s+ubuntu\s+Critical/);
    for (const name of ['permit-pty', 'permit-port-forwarding', 'teleport-roles', 'impersonator']) {
      expect(shown).toContain(name);
    }
    const { validTo } = new X509Certificate(read('tlscert'));
    expect(shown).toContain(`to ${new Date(validTo).toISOString().slice(0, 19)}`);
  });

  it('has a matching key pair', needs('ssh-keygen'), () => {
    const path = join(fixture.destinations, 'identity', 'key');
    const env = { PATH: '/usr/bin:/bin' };
    const shown = execFileSync('ssh-keygen', ['-y', '-f', path], { encoding: 'utf8', env });
    expect(shown.trim()).toBe(read('key.pub').trim());
  });

  it('writes absolute paths to ssh_config', () => {
    const config = read('ssh_config');
    expect(config).toContain(`IdentityFile "${join(fixture.destinations, 'identity', 'key')}"`);
    expect(config).toContain(fixture.tbot.path);
    expect(read('known_hosts')).toMatch(
      /^@cert-authority 127\.0\.0\.1,rig\.example\.com,\*\.rig\.example\.com ssh-\S+ \S+ type=host\n$/,
    );
  });

  it('requests an OIDC token as the real tbot does', () => {
    expect(fixture.github.requests).toHaveLength(1);
    expect(fixture.github.requests[0]).toMatchObject({
      audience: 'teleport.cluster.local',
      authorized: true,
      headers: { accept: 'application/json; api-version=2.0' },
    });
    expect(fixture.github.requests[0]?.url).toMatch(/&audience=teleport\.cluster\.local$/);
    expect(fixture.proxy.joins).toEqual([{ method: 'github', token: 'ci-github', ok: true }]);
  });

  it('joins with a system-assigned and a user-assigned identity of Azure', async () => {
    const azure = { token: 'ci-azure', method: 'azure' };
    expect(await fixture.start(azure)).toMatchObject({ code: 0 });
    expect(fixture.imds.requests.slice(-3).map(({ path }) => path)).toEqual([
      '/metadata/versions',
      '/metadata/attested/document',
      '/metadata/identity/oauth2/token',
    ]);
    expect(fixture.imds.requests.at(-1)?.query).not.toHaveProperty('client_id');
    expect(fixture.imds.requests.at(-1)?.headers).toMatchObject({ metadata: 'True' });
    expect(fixture.imds.requests.at(-2)?.query['nonce']).toMatch(/^[\w-]{32}$/);
    const onboarding = ', azure: {client_id: 22222222-2222-2222-2222-222222222222}';
    expect(await fixture.start({ ...azure, onboarding })).toMatchObject({ code: 0 });
    expect(fixture.imds.requests.at(-1)?.query).toMatchObject({
      client_id: '22222222-2222-2222-2222-222222222222',
      resource: 'https://management.azure.com/',
    });
  });

  it('joins without outputs', async () => {
    expect(await fixture.start({ outputs: '' })).toMatchObject({ code: 0, stdout: '' });
    expect(existsSync(fixture.destinations)).toBe(false);
    expect(fixture.proxy.joins.at(-1)).toMatchObject({ ok: true });
  });

  it('shortens a lifetime above the maximum of the bot without a message', async () => {
    const long = fixture.config().replace('30m', '48h');
    writeFileSync(join(fixture.folder, 'long.yaml'), long);
    const answer = await fixture.run(['start', '-c', 'long.yaml']);
    expect(answer.code).toBe(0);
    expect(answer.stderr).toContain('duration=12h1m0s');
    const { validFromDate, validToDate } = new X509Certificate(read('tlscert'));
    expect(validToDate.getTime() - validFromDate.getTime()).toBe((12 * 60 + 1) * MINUTE);
  });

  it('keeps the mode of an existing folder', async () => {
    const path = join(fixture.folder, 'mine');
    mkdirSync(path, { mode: 0o755 });
    const outputs = `  - type: identity\n    destination: {type: directory, path: ${path}}\n    allow_reissue: true\n    ssh_config: "off"`;
    expect(await fixture.start({ outputs })).toMatchObject({ code: 0 });
    expect(statSync(path).mode & 0o777).toBe(0o755);
    // 15.0.0-dev ignores both keys.
    const knows = version !== '15.0.0-dev';
    expect(existsSync(join(path, 'ssh_config'))).toBe(!knows);
    const { subject } = new X509Certificate(readFileSync(join(path, 'tlscert'))).toLegacyObject();
    expect('1.3.9999.2.9' in subject).toBe(!knows);
  });

  it('reads the token from a file if it is a path', async () => {
    const path = join(fixture.folder, 'token');
    writeFileSync(path, 'ci-github\n');
    expect(await fixture.start({ token: path })).toMatchObject({ code: 0 });
  });
});

describe('the program', () => {
  it.each([
    ['15.0.0-dev', /^Teleport v15\.0\.0-dev git: go1\.26\.8\n$/],
    ['18.2.4', /^Teleport v18\.2\.4 git:v18\.2\.4\S* go1\.\d+\.\d+\n$/],
  ])('%s prints its version', async (version, expected) => {
    await using fixture = await startFixture(version);
    const ending = await fixture.run(['version']);
    expect(ending).toMatchObject({ code: 0, stderr: '' });
    expect(ending.stdout).toMatch(expected);
    for (const args of [['frobnicate'], ['start', '--frobnicate'], []]) {
      expect(await fixture.run(args)).toMatchObject({ code: 1, stdout: '' });
    }
  });
});
