import { execFileSync } from 'node:child_process';
import {
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  type KeyObject,
} from 'node:crypto';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { Problem } from '../../src/problem.ts';
import type { Credential } from '../../src/services/credential.ts';
import { descriptorOf, type Service } from '../../src/services/index.ts';
import { readCredential } from '../../src/services/verify.ts';
import { createAuthority } from '../../testbed/ca.ts';
import { signSshCertificate } from '../../testbed/ssh.ts';
import { needs } from '../requirements.ts';

const env = { PATH: process.env['PATH'] ?? '', LC_ALL: 'C', TZ: 'UTC' };

const folder = mkdtempSync(join(tmpdir(), 'ssh-certificate-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Keys as tbot writes them: PEM of PKCS #1 for RSA, of PKCS #8 for the others. */
const keys = {
  'rsa 2048': () => pem(generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey, 'pkcs1'),
  'rsa 3072': () => pem(generateKeyPairSync('rsa', { modulusLength: 3072 }).privateKey, 'pkcs8'),
  'ecdsa 256': () => pem(generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey, 'pkcs8'),
  'ecdsa 384': () => pem(generateKeyPairSync('ec', { namedCurve: 'P-384' }).privateKey, 'pkcs8'),
  'ecdsa 521': () => pem(generateKeyPairSync('ec', { namedCurve: 'P-521' }).privateKey, 'pkcs8'),
  ed25519: () => pem(generateKeyPairSync('ed25519').privateKey, 'pkcs8'),
};

function pem(key: KeyObject, type: 'pkcs1' | 'pkcs8'): string {
  return key.export({ format: 'pem', type }).toString();
}

const sshKeygen = (...args: readonly string[]): string =>
  execFileSync('ssh-keygen', args, { env, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });

let count = 0;

/** Returns a certificate by ssh-keygen for a key. */
function signed(privateKey: string, ...options: readonly string[]): string {
  count += 1;
  const [authority, key] = [join(folder, `ca-${count}`), join(folder, `key-${count}`)];
  sshKeygen('-q', '-t', 'ed25519', '-N', '', '-f', authority);
  // ssh-keygen cannot read Ed25519 keys in PKCS #8, so the public key is written for it.
  writeFileSync(`${key}.pub`, publicLine(privateKey));
  sshKeygen('-q', '-s', authority, ...options, `${key}.pub`);
  return readFileSync(`${key}-cert.pub`, 'utf8');
}

function field(bytes: Buffer): Buffer {
  const length = Buffer.alloc(4);
  length.writeUInt32BE(bytes.length);
  return Buffer.concat([length, bytes]);
}

function decoded(text: string | undefined): Buffer {
  return Buffer.from(text ?? '', 'base64url');
}

/** Returns the line of a public key (RFC 4253, RFC 5656, RFC 8709). */
function publicLine(privateKey: string): string {
  const jwk = createPrivateKey(privateKey).export({ format: 'jwk' });
  const signedNumber = (text: string | undefined): Buffer =>
    Buffer.from(`00${decoded(text).toString('hex')}`.replace(/^00(?=[0-7])/, ''), 'hex');
  const curve = `nistp${(jwk.crv ?? '').slice(2)}`;
  const [type, parts] =
    jwk.kty === 'RSA'
      ? ['ssh-rsa', [signedNumber(jwk.e), signedNumber(jwk.n)]]
      : jwk.kty === 'EC'
        ? [
            `ecdsa-sha2-${curve}`,
            [Buffer.from(curve), Buffer.concat([Buffer.of(4), decoded(jwk.x), decoded(jwk.y)])],
          ]
        : ['ssh-ed25519', [decoded(jwk.x)]];
  const body = Buffer.concat([Buffer.from(type), ...parts].map(field));
  return `${type} ${body.toString('base64')} comment\n`;
}

const hostService: Service = { type: 'ssh_host', principals: ['a'] };
const userService: Service = { type: 'identity' };

/** Verifies a credential of these files. */
async function verified(
  service: Service,
  files: Readonly<Record<string, string>>,
): Promise<Credential> {
  const dir = join(folder, service.type);
  mkdirSync(dir, { recursive: true });
  const { essential } = descriptorOf(service.type).files(service);
  for (const name of Object.values(essential))
    writeFileSync(join(dir, name), files[name] ?? 'x\n', { mode: 0o600 });
  return readCredential({ name: 'mine', service, dir }, () => undefined);
}

/** Verifies a host certificate with this key. */
async function host(certificate: string, key: string): Promise<Credential> {
  return verified(hostService, { ssh_host: key, 'ssh_host-cert.pub': certificate });
}

const authority = createAuthority({ organization: 'example.com', commonName: 'example.com' });
const tlsEnd = new Date('2099-01-01T00:00:00Z');

/** Verifies a user certificate with this key; the X.509 certificate beside it expires late. */
async function user(certificate: string, key: string): Promise<Credential> {
  const ca = await authority;
  const tlscert = await ca.clientCertificate({
    subject: [['CN', ['bot-ci']]],
    publicKey: createPublicKey(key),
    notBefore: new Date('2026-11-21T00:00:00Z'),
    notAfter: tlsEnd,
  });
  const identity = `${key}${certificate.trim()}\n${tlscert}${ca.pem}`;
  return verified(userService, { key, tlscert, 'key-cert.pub': certificate, identity });
}

const otherKey = /SSH certificate does not match the private key/;

describe('a certificate of ssh-keygen', needs('ssh-keygen'), () => {
  const validity = ['-V', '20261121000000Z:20261121130000Z'];
  const whole = ['-I', 'bot-ci', '-n', 'root,ubuntu,-teleport-internal-join', ...validity];
  const end = new Date('2026-11-21T13:00:00Z');

  it.each(Object.entries(keys))('for %s has its expiry, kind and key', async (_, make) => {
    const key = make();
    const ofUser = signed(key, ...whole, '-z', '7', '-O', 'clear');
    expect((await user(ofUser, key)).expiresAt).toEqual(end);
    await expect(host(ofUser, key)).rejects.toThrow(/is not a host certificate/);
    await expect(user(ofUser, make())).rejects.toThrow(otherKey);
    const ofHost = signed(key, ...whole, '-h');
    expect((await host(ofHost, key)).expiresAt).toEqual(end);
    await expect(user(ofHost, key)).rejects.toThrow(/is not a user certificate/);
    await expect(host(ofHost, make())).rejects.toThrow(otherKey);
  });

  it('may have no logins and no expiry', async () => {
    const key = keys.ed25519();
    expect((await user(signed(key, '-I', ''), key)).expiresAt).toEqual(tlsEnd);
    expect((await host(signed(key, '-I', '', '-h'), key)).expiresAt).toBeUndefined();
  });

  it('may belong to a key in the OpenSSH format', async () => {
    const path = join(folder, 'own');
    sshKeygen('-q', '-t', 'ed25519', '-N', '', '-f', path);
    const ca = join(folder, 'own-ca');
    sshKeygen('-q', '-t', 'ed25519', '-N', '', '-f', ca);
    sshKeygen('-q', '-s', ca, '-h', ...whole, `${path}.pub`);
    const certificate = readFileSync(`${path}-cert.pub`, 'utf8');
    expect((await host(certificate, readFileSync(path, 'utf8'))).expiresAt).toEqual(end);
    await expect(host(certificate, readFileSync(ca, 'utf8'))).rejects.toThrow(otherKey);
  });

  it('may have critical options, extensions and non-ASCII names', async () => {
    const key = keys.ed25519();
    const options = ['-I', 'bot-é ☃', '-n', 'jürgen', '-O', 'force-command=x', ...validity];
    expect((await user(signed(key, ...options), key)).expiresAt).toEqual(end);
  });

  it('is read as ssh-keygen reads it', async () => {
    const key = keys['rsa 2048']();
    const line = signed(key, ...whole);
    const path = join(folder, 'listed-cert.pub');
    writeFileSync(path, line);
    const listing = sshKeygen('-L', '-f', path);
    const { expiresAt } = await user(line, key);
    expect(listing).toContain('user certificate');
    expect(listing).toContain(`to ${expiresAt?.toISOString().slice(0, 19)}`);
  });
});

describe('a host certificate', () => {
  const { publicKey, privateKey } = generateKeyPairSync('ed25519');
  const key = pem(privateKey, 'pkcs8');
  const end = new Date('2026-11-21T13:00:00Z');
  const line = signSshCertificate(generateKeyPairSync('ed25519').privateKey, {
    type: 'host',
    publicKey,
    keyId: 'bot-ci',
    principals: ['root', 'ubuntu'],
    validAfter: new Date('2026-11-21T00:00:00Z'),
    validBefore: end,
    extensions: { 'permit-pty': '' },
  });
  const [type = '', base64 = ''] = line.split(' ');
  const body = Buffer.from(base64, 'base64');

  it('may have a comment and white space', async () => {
    for (const text of [line, `  ${type}\t${base64}  a comment\n`])
      expect((await host(text, key)).expiresAt).toEqual(end);
  });

  it.each([
    [' \n', 'an empty file is not an SSH certificate'],
    ['ssh-ed25519 AAAA', 'ssh-ed25519 is not an SSH certificate'],
    ['constructor AAAA', 'constructor is not an SSH certificate'],
    ['__proto__ AAAA', '__proto__ is not an SSH certificate'],
    [type, 'is incomplete'],
    [`${type} ====`, 'is incomplete'],
    [`${type} AAAA`, 'is incomplete'],
    [`ssh-rsa-cert-v01@openssh.com ${base64}`, 'contains a different type'],
  ])('is rejected: %j', async (text, message) => {
    await expect(host(text, key)).rejects.toThrow(message);
  });

  /** Type, nonce, key, serial and type, id, logins, the two times: what is read. */
  const required = readable(body);

  it('is rejected if it is truncated anywhere', async () => {
    for (let length = 0; length < required; length += 1) {
      const cut = `${type} ${body.subarray(0, length).toString('base64')}`;
      expect(await outcome(cut, key), `${length} bytes`).toMatch(/is incomplete|different type/);
    }
    const enough = `${type} ${body.subarray(0, required).toString('base64')}`;
    expect((await host(enough, key)).expiresAt).toEqual(end);
  });

  it('is read or rejected with an Error for any bytes', async () => {
    const changed = fc.tuple(fc.nat(body.length - 1), fc.integer({ min: 0, max: 255 }));
    await fc.assert(
      fc.asyncProperty(fc.array(changed, { minLength: 1, maxLength: 6 }), async (changes) => {
        const hostile = Buffer.from(body);
        for (const [at, byte] of changes) hostile[at] = byte;
        expect(await outcome(`${type} ${hostile.toString('base64')}`, key)).toMatch(
          /^(\d+|never|Error: .*(is incomplete|different type|neither a user nor a host|not a host certificate|does not match the private key).*)$/,
        );
      }),
      { numRuns: 1000 },
    );
  });

  it.each([0, 4 + type.length, 4 + type.length + 4 + 32])(
    'is rejected with a length of 4 GiB at byte %i',
    async (at) => {
      const hostile = Buffer.from(body);
      hostile.writeUInt32BE(0xffff_ffff, at);
      const text = `${type} ${hostile.toString('base64')}`;
      await expect(host(text, key)).rejects.toThrow('is incomplete');
    },
  );

  it('is rejected for a damaged key and for a type without SSH certificates', async () => {
    const x25519 = pem(generateKeyPairSync('x25519').privateKey, 'pkcs8');
    expect(await outcome(line, x25519)).toMatch(
      /SSH certificates do not support keys of type x25519/,
    );
    const broken = '-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n';
    for (const text of [broken, '\n'])
      expect(await outcome(line, text)).toMatch(/DECODER|asn1|PEM/i);
  });
});

/** Returns when a host certificate expires, in milliseconds, or the error. */
async function outcome(line: string, key: string): Promise<string> {
  try {
    const { expiresAt } = await host(line, key);
    return expiresAt === undefined ? 'never' : String(Number(expiresAt));
  } catch (error) {
    return String(error instanceof Problem ? error.cause : error);
  }
}

function readable(body: Buffer): number {
  let at = 0;
  const skip = (): void => void (at += 4 + body.readUInt32BE(at));
  for (let skipped = 0; skipped < 3; skipped += 1) skip();
  at += 12;
  skip();
  skip();
  return at + 16;
}
