import 'reflect-metadata';
import { spawnSync } from 'node:child_process';
import { generateKeyPairSync, KeyObject, webcrypto } from 'node:crypto';
import { chmod, mkdir, mkdtemp, readFile, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { X509CertificateGenerator } from '@peculiar/x509';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Credential } from '../../src/services/credential.ts';
import { descriptorOf } from '../../src/services/index.ts';
import type { PlannedService } from '../../src/services/requests.ts';
import { maskWritten, readCredential } from '../../src/services/verify.ts';
import { type Authority, createAuthority } from '../../testbed/ca.ts';
import type { SubjectAttribute } from '../../testbed/certificate.ts';
import { signSshCertificate } from '../../testbed/ssh.ts';
import { nobody } from './workdir.fixture.ts';
import { needs } from '../requirements.ts';

const service = { type: 'identity' } as const;
const { essential, optional } = descriptorOf('identity').files(service);
const names = Object.values({ ...essential, ...optional });

const start = new Date('2026-11-21T00:00:00Z');
const end = new Date('2026-11-21T13:00:00Z');
const later = new Date('2026-11-21T14:00:00Z');

const subject: readonly SubjectAttribute[] = [
  ['CN', ['bot-ci']],
  ['O', ['access', 'editor']],
  ['L', ['root', '-teleport-internal-join']],
  ['1.3.9999.1.7', ['example.teleport.sh']],
  ['1.3.9999.2.20', ['0f3a']],
];

let authority: Authority;
const sshAuthority = generateKeyPairSync('ed25519').privateKey;
beforeAll(async () => {
  authority = await createAuthority({ organization: 'example.com', commonName: 'example.com' });
});

interface Issued {
  readonly key: string;
  readonly publicKey: KeyObject;
}

const kinds = {
  rsa: (): Issued => {
    const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
    return { key: privateKey.export({ format: 'pem', type: 'pkcs1' }).toString(), publicKey };
  },
  ecdsa: (): Issued => {
    const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    return { key: privateKey.export({ format: 'pem', type: 'pkcs8' }).toString(), publicKey };
  },
  ed25519: (): Issued => {
    const { privateKey, publicKey } = generateKeyPairSync('ed25519');
    return { key: privateKey.export({ format: 'pem', type: 'pkcs8' }).toString(), publicKey };
  },
};

const x509 = async (publicKey: KeyObject, notAfter = end, attributes = subject): Promise<string> =>
  authority.clientCertificate({ subject: attributes, publicKey, notBefore: start, notAfter });

const ssh = (publicKey: KeyObject, validBefore = end): string =>
  signSshCertificate(sshAuthority, {
    publicKey,
    keyId: 'bot-ci',
    principals: ['root'],
    validAfter: start,
    validBefore,
    extensions: {},
  });

let dir = '';
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'credentials-'));
});
afterEach(async () => {
  await rm(dir, { recursive: true, force: true });
});

/** Writes an identity as tbot does. Returns its private key. */
async function issue(
  changes: Readonly<Record<string, string>> = {},
  { key, publicKey }: Issued = kinds.ecdsa(),
): Promise<string> {
  const [tlscert, sshCertificate] = [await x509(publicKey), ssh(publicKey)];
  const contents: Readonly<Record<string, string>> = {
    ...Object.fromEntries(
      names.map((name) => [name, name.endsWith('.crt') ? authority.pem : `${name}\n`]),
    ),
    ssh_config: 'Host *\n  ProxyCommand tbot\n',
    known_hosts: '@cert-authority * ssh-ed25519 AAAA type=host\n',
    key,
    tlscert,
    'key-cert.pub': `${sshCertificate}\n`,
    identity: `${key}${sshCertificate}\n${tlscert}${authority.pem}`,
    ...changes,
  };
  for (const [name, text] of Object.entries(contents))
    await writeFile(join(dir, name), text, { mode: 0o600 });
  return key;
}

interface Read {
  readonly credential: Credential;
  readonly masked: readonly string[];
  readonly debug: readonly string[];
}

async function read(): Promise<Read> {
  const [masked, debug]: [string[], string[]] = [[], []];
  const planned: PlannedService = { name: 'mine', service, dir };
  maskWritten([planned], (text) => masked.push(text));
  const credential = await readCredential(planned, (text) => debug.push(text));
  return { credential, masked, debug };
}

const unusable = (why: string | RegExp): object => ({
  name: 'Problem',
  code: 'tbot',
  message: typeof why === 'string' ? expect.stringContaining(why) : expect.stringMatching(why),
});

describe('readCredential', () => {
  it.each(Object.entries(kinds))(
    'returns the contents of an identity with an %s key',
    async (_, make) => {
      await issue({}, make());
      const { credential } = await read();
      expect(credential).toMatchObject({
        name: 'mine',
        type: 'identity',
        dir,
        expiresAt: end,
        certificate: {
          cluster: 'example.teleport.sh',
          user: 'bot-ci',
          roles: ['access', 'editor'],
          botInstanceId: '0f3a',
          expiresAt: end,
        },
      });
      expect(Object.values(credential.files).toSorted()).toEqual(
        names.map((name) => join(dir, name)).toSorted(),
      );
    },
  );

  it('masks every line of the private key in both files, and nothing that is public', async () => {
    const key = await issue({}, kinds.rsa());
    const { masked } = await read();
    const lines = key.split('\n').filter((line) => line !== '' && !line.startsWith('-----'));
    expect(new Set(masked)).toEqual(new Set(lines.filter((line) => line.length >= 8)));
    const shown = `${await readFile(join(dir, 'tlscert'), 'utf8')}${authority.pem}`;
    for (const line of masked) expect(shown).not.toContain(line);
  });

  it('masks a key that only the identity file contains, with Windows line ends', async () => {
    const [own, other] = [kinds.ecdsa(), kinds.ecdsa()];
    await issue({ identity: `${other.key.replaceAll('\n', '\r\n')}${authority.pem}\n` }, own);
    expect(maskedBelow(dir).toSorted()).toEqual(
      [...own.key.split('\n'), ...other.key.split('\n')]
        .filter((line) => line.length >= 8 && !line.startsWith('-----'))
        .toSorted(),
    );
  });

  it('expires with the first of its certificates', async () => {
    const issued = kinds.ecdsa();
    await issue({ tlscert: await x509(issued.publicKey, later) }, issued);
    expect((await read()).credential.expiresAt).toEqual(end);
    await writeFile(join(dir, 'tlscert'), await x509(issued.publicKey, end));
    await writeFile(join(dir, 'key-cert.pub'), ssh(issued.publicKey, later));
    expect((await read()).credential.expiresAt).toEqual(end);
  });
});

/** Returns the lines of a key that are long enough to be masked. */
function bodyOf(key: string): readonly string[] {
  return key.split('\n').filter((line) => line.length >= 8 && !line.startsWith('-----'));
}

function maskedBelow(...dirs: readonly string[]): readonly string[] {
  const all: string[] = [];
  const services = dirs.map((each) => ({ dir: each }));
  maskWritten(services, (text) => all.push(text));
  return all;
}

describe('maskWritten', () => {
  it('masks each text once, in all directories and below them', async () => {
    const [one, other] = [kinds.ecdsa().key, kinds.ecdsa().key];
    await mkdir(join(dir, 'a'));
    await mkdir(join(dir, 'b', 'cockroach'), { recursive: true });
    for (const name of ['a/key', 'a/identity']) await writeFile(join(dir, name), one);
    await writeFile(join(dir, 'b', 'cockroach', 'node.key'), other);
    expect(maskedBelow(join(dir, 'a'), join(dir, 'b'))).toEqual([...bodyOf(one), ...bodyOf(other)]);
  });

  it('masks a truncated key, even if a certificate follows', async () => {
    const lines = kinds.rsa().key.split('\n');
    const half = lines.slice(0, 8).join('\n');
    await writeFile(join(dir, 'key'), half.slice(0, -10));
    expect(maskedBelow(dir)).toEqual([...lines.slice(1, 7), lines[7]?.slice(0, -10)]);
    await writeFile(join(dir, 'key'), `${half}\n${authority.pem}`);
    expect(maskedBelow(dir)).toEqual(lines.slice(1, 8));
  });

  it('skips files that it cannot read', async () => {
    const { key } = kinds.ecdsa();
    await writeFile(join(dir, 'key'), key);
    await mkdir(join(dir, 'folder'));
    await symlink(join(dir, 'key'), join(dir, 'link'));
    expect(maskedBelow(join(dir, 'nowhere'), dir, join(dir, 'key'))).toEqual(bodyOf(key));
  });
});

describe('as another user', needs('root'), () => {
  it('maskWritten skips a file that it cannot read', async () => {
    const [own, other] = [kinds.ecdsa().key, kinds.ecdsa().key];
    await writeFile(join(dir, 'key'), own, { mode: 0o644 });
    await writeFile(join(dir, 'identity'), other, { mode: 0o600 });
    await chmod(dir, 0o755);
    const written = new URL('../../src/services/verify.ts', import.meta.url).href;
    const code = `
      const { maskWritten } = await import(${JSON.stringify(written)});
      process.setgid(${nobody});
      process.setuid(${nobody});
      maskWritten([{ dir: ${JSON.stringify(dir)} }], (text) => console.log(text));`;
    const args = ['--input-type=module', '--eval', code];
    const { stdout } = spawnSync(process.execPath, args, { encoding: 'utf8' });
    expect(stdout.trim().split('\n')).toEqual(bodyOf(own));
  });
});

async function rolesRead(): Promise<readonly string[]> {
  return Object.keys((await read()).credential.files).toSorted();
}

describe('a file beside the credential', () => {
  const entries = Object.entries(optional);
  const allBut = (role: string): readonly string[] =>
    Object.keys({ ...essential, ...optional })
      .filter((other) => other !== role)
      .toSorted();

  it.each(entries)('%s is left out if it is missing', async (role, name) => {
    await issue();
    await rm(join(dir, name));
    const { credential, debug } = await read();
    expect(Object.keys(credential.files).toSorted()).toEqual(allBut(role));
    expect(debug).toEqual([
      `Credential \`mine\` is published without \`${role}\`: tbot did not write ${join(dir, name)}.`,
    ]);
  });

  it.each(entries)('%s is left out if it is empty, truncated or a link', async (role, name) => {
    await issue({ [name]: '' });
    expect(await rolesRead()).toEqual(allBut(role));
    await issue({ [name]: '-----BEGIN CERTIFICATE-----\nAAAA' });
    expect(await rolesRead()).toEqual(allBut(role));
    await issue();
    await rename(join(dir, name), join(dir, 'elsewhere'));
    await symlink(join(dir, 'elsewhere'), join(dir, name));
    expect(await rolesRead()).toEqual(allBut(role));
  });

  it.each(entries)('%s is left out if other users can change it', async (role, name) => {
    await issue();
    await chmod(join(dir, name), 0o664);
    const { credential, debug } = await read();
    expect(Object.keys(credential.files).toSorted()).toEqual(allBut(role));
    expect(debug).toEqual([expect.stringContaining(`other users can change ${join(dir, name)}`)]);
  });

  it('is published with any content, even if other users can read it', async () => {
    await issue({ ssh_config: 'Include /etc/ssh/teleport\n', known_hosts: '# moved\n' });
    await chmod(join(dir, 'ssh_config'), 0o644);
    const { credential, debug } = await read();
    expect(Object.keys(credential.files).toSorted()).toEqual(allBut(''));
    expect(debug).toEqual([]);
  });

  it('is left out if its certificate is not a CA certificate', async () => {
    const { publicKey } = kinds.ecdsa();
    await issue({ 'teleport-host-ca.crt': await x509(publicKey) });
    expect(await rolesRead()).toEqual(allBut('host-ca'));
    await issue({ 'teleport-host-ca.crt': `${authority.pem}-----BEGIN CERTIFICATE-----\n` });
    expect(await rolesRead()).toEqual(allBut('host-ca'));
  });
});

describe('a credential is rejected if', () => {
  const needed = Object.values(essential);

  it.each(needed)('%s is missing', async (name) => {
    await issue();
    await rm(join(dir, name));
    await expect(read()).rejects.toMatchObject(unusable(`did not write ${join(dir, name)}`));
  });

  it.each(needed)('%s is empty', async (name) => {
    await issue({ [name]: '' });
    await expect(read()).rejects.toMatchObject(unusable(`did not write ${join(dir, name)}`));
  });

  it.each(needed)('%s is a link', async (name) => {
    await issue();
    await rename(join(dir, name), join(dir, 'elsewhere'));
    await symlink(join(dir, 'elsewhere'), join(dir, name));
    await expect(read()).rejects.toMatchObject(unusable(join(dir, name)));
  });

  it.each(needed)('other users can read %s', async (name) => {
    await issue();
    await chmod(join(dir, name), 0o640);
    await expect(read()).rejects.toMatchObject(unusable(`other users can read ${join(dir, name)}`));
  });

  it('the identity file contains another key', async () => {
    const { publicKey } = kinds.ecdsa();
    await issue({ identity: `${kinds.ecdsa().key}${await x509(publicKey)}` });
    await expect(read()).rejects.toMatchObject(
      unusable('certificate in its identity file does not match the private key'),
    );
  });

  it('several names share it, and names all of them', async () => {
    const planned = { name: 'mine', otherNames: ['yours'], service, dir };
    await expect(readCredential(planned, () => undefined)).rejects.toMatchObject(
      unusable('credentials `mine`, `yours` cannot be used'),
    );
  });

  it.each([0o644, 0o640, 0o604, 0o660, 0o601])('its key has the mode %o', async (mode) => {
    await issue();
    await chmod(join(dir, 'key'), mode);
    await expect(read()).rejects.toMatchObject(unusable('other users can read'));
  });

  it('the X.509 certificate does not match the key', async () => {
    await issue({ tlscert: await x509(kinds.ecdsa().publicKey) });
    await expect(read()).rejects.toMatchObject(
      unusable('X.509 certificate does not match the private key'),
    );
  });

  it('the SSH certificate does not match the key', async () => {
    await issue({ 'key-cert.pub': ssh(kinds.ecdsa().publicKey) });
    await expect(read()).rejects.toMatchObject(
      unusable('SSH certificate does not match the private key'),
    );
  });

  it.each([
    ['key', 'no key'],
    ['key', '-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n'],
    ['tlscert', '<html></html>'],
    ['tlscert', '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n'],
    ['key-cert.pub', 'ssh-ed25519 AAAA'],
    ['key-cert.pub', 'ssh-ed25519-cert-v01@openssh.com AAAA'],
  ])('%s is %j', async (name, text) => {
    await issue({ [name]: text });
    await expect(read()).rejects.toMatchObject({ ...unusable('`mine`'), cause: expect.any(Error) });
  });
});

describe('the contents of a certificate', () => {
  const issued = kinds.ed25519();
  const factsIn = async (tlscert: string, { key, publicKey } = issued): Promise<unknown> => {
    await issue({ tlscert }, { key, publicKey });
    return (await read()).credential.certificate;
  };
  const facts = async (attributes: readonly SubjectAttribute[]): Promise<unknown> =>
    factsIn(await x509(issued.publicKey, end, attributes));

  it('include one role, no role, and names with special characters', async () => {
    const roles = ['one'];
    expect(
      await facts([
        ['CN', ['bot-ci']],
        ['O', roles],
      ]),
    ).toMatchObject({ roles });
    expect(await facts([['CN', ['bot-ci']]])).toMatchObject({
      roles: [],
      botInstanceId: undefined,
    });
    const odd = ['a, O=admin', 'b "quoted"', 'c\nO=admin', 'd+CN=bot-x', 'é'];
    expect(
      await facts([
        ['CN', ['bot-ci']],
        ['O', odd],
      ]),
    ).toMatchObject({
      user: 'bot-ci',
      roles: odd,
    });
  });

  it('include the cluster of the issuer if the subject does not name it', async () => {
    expect(await facts([['CN', ['bot-ci']]])).toMatchObject({ cluster: 'example.com' });
  });

  it('are empty in a certificate that Teleport did not issue', async () => {
    const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };
    const keys = await webcrypto.subtle.generateKey(algorithm, true, ['sign', 'verify']);
    const foreign = await X509CertificateGenerator.createSelfSigned({
      name: 'C=DE',
      keys,
      signingAlgorithm: algorithm,
    });
    const privateKey = KeyObject.from(keys.privateKey);
    const own: Issued = {
      key: privateKey.export({ format: 'pem', type: 'pkcs8' }).toString(),
      publicKey: KeyObject.from(keys.publicKey),
    };
    const nothing = { cluster: '', user: '', roles: [], botInstanceId: undefined };
    expect(await factsIn(`${foreign.toString('pem')}\n`, own)).toMatchObject(nothing);
  });

  it('are those of the first of several certificates', async () => {
    const first = await x509(issued.publicKey);
    expect(await factsIn(`${first}${authority.pem}`)).toEqual(await factsIn(first));
    await expect(factsIn(authority.pem)).rejects.toMatchObject(
      unusable('X.509 certificate does not match the private key'),
    );
  });
});
