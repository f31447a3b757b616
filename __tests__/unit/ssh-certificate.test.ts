import { execFileSync } from 'node:child_process';
import { createPrivateKey, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { publicKeyOf, readSshCertificate } from '../../src/services/ssh-certificate.verify.ts';
import { signSshCertificate } from '../../testbed/ssh.ts';

const env = { PATH: process.env['PATH'] ?? '', LC_ALL: 'C', TZ: 'UTC' };

function hasSshKeygen(): boolean {
  try {
    execFileSync('ssh-keygen', ['-?'], { env, stdio: 'ignore' });
    return true;
  } catch (error) {
    return !(error instanceof Error && 'code' in error && error.code === 'ENOENT');
  }
}

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

/** A certificate of OpenSSH's own making, and its key; each in a folder of its own. */
function signed(privateKey: string | undefined, ...options: readonly string[]) {
  count += 1;
  const [authority, key] = [join(folder, `ca-${count}`), join(folder, `key-${count}`)];
  sshKeygen('-q', '-t', 'ed25519', '-N', '', '-f', authority);
  if (privateKey === undefined) sshKeygen('-q', '-t', 'ed25519', '-N', '', '-f', key);
  else {
    writeFileSync(key, privateKey, { mode: 0o600 });
    // OpenSSH itself reads no Ed25519 of PKCS #8; the public half is written for it.
    writeFileSync(`${key}.pub`, publicLine(privateKey));
  }
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

/** The line of a public key, as RFC 4253 and its successors have it. */
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

describe.skipIf(!hasSshKeygen())(
  'a certificate of ssh-keygen (skipped where there is none)',
  () => {
    const validity = ['-V', '20261121000000Z:20261121130000Z'];
    const whole = ['-I', 'bot-ci', '-n', 'root,ubuntu,-teleport-internal-join', ...validity];

    it.each(Object.entries(keys))('of %s tells its end and key', (_, make) => {
      const privateKey = make();
      const certificate = readSshCertificate(
        signed(privateKey, ...whole, '-z', '7', '-O', 'clear'),
      );
      expect(certificate).toEqual({
        kind: 'user',
        expiresAt: new Date('2026-11-21T13:00:00Z'),
        publicKey: publicKeyOf(privateKey),
      });
      expect(certificate.publicKey).not.toBe(publicKeyOf(make()));
    });

    it('may have no logins and no end', () => {
      const certificate = readSshCertificate(signed(undefined, '-I', ''));
      expect(Number(certificate.expiresAt)).toBe(8_640_000_000_000_000);
    });

    it('may have critical options, extensions and names beyond ASCII', () => {
      const line = signed(
        undefined,
        '-I',
        'bot-é ☃',
        '-n',
        'jürgen',
        '-O',
        'force-command=x',
        ...validity,
      );
      expect(readSshCertificate(line)).toMatchObject({
        expiresAt: new Date('2026-11-21T13:00:00Z'),
      });
    });

    it('is read as ssh-keygen itself reads it', () => {
      const line = signed(keys['rsa 2048'](), ...whole);
      const path = join(folder, 'listed-cert.pub');
      writeFileSync(path, line);
      const listing = sshKeygen('-L', '-f', path);
      const { kind, expiresAt } = readSshCertificate(line);
      expect(listing).toContain(`${kind} certificate`);
      expect(listing).toContain(`to ${expiresAt.toISOString().slice(0, 19)}`);
    });
  },
);

describe('readSshCertificate', () => {
  const authority = generateKeyPairSync('ed25519').privateKey;
  const { publicKey, privateKey } = generateKeyPairSync('ed25519');
  const line = signSshCertificate(authority, {
    publicKey,
    keyId: 'bot-ci',
    principals: ['root', 'ubuntu'],
    validAfter: new Date('2026-11-21T00:00:00Z'),
    validBefore: new Date('2026-11-21T13:00:00Z'),
    extensions: { 'permit-pty': '' },
  });
  const [type = '', base64 = ''] = line.split(' ');
  const body = Buffer.from(base64, 'base64');

  it('minds no comment and no white space', () => {
    const expected = readSshCertificate(line);
    expect(readSshCertificate(`  ${type}\t${base64}  a comment\n`)).toEqual(expected);
    expect(expected.publicKey).toBe(publicKeyOf(pem(privateKey, 'pkcs8')));
  });

  it.each([
    ['', 'an empty text is no SSH certificate'],
    ['ssh-ed25519 AAAA', 'ssh-ed25519 is no SSH certificate'],
    ['constructor AAAA', 'constructor is no SSH certificate'],
    ['__proto__ AAAA', '__proto__ is no SSH certificate'],
    [type, 'cut short'],
    [`${type} ====`, 'cut short'],
    [`${type} AAAA`, 'cut short'],
    [`ssh-rsa-cert-v01@openssh.com ${base64}`, 'contradicts its own type'],
  ])('refuses %j', (text, message) => {
    expect(() => readSshCertificate(text)).toThrow(message);
  });

  /** Type, nonce, key, serial and type, id, logins, the two times: what is read. */
  const required = readable(body);

  it('refuses one that was cut anywhere before its end', () => {
    for (let length = 0; length < required; length += 1) {
      const cut = `${type} ${body.subarray(0, length).toString('base64')}`;
      expect(() => readSshCertificate(cut), `${length} bytes`).toThrow(/cut short|contradicts/);
    }
    const enough = `${type} ${body.subarray(0, required).toString('base64')}`;
    expect(readSshCertificate(enough)).toEqual(readSshCertificate(line));
  });

  it('answers or throws a plain Error for any bytes, and never reads beyond them', () => {
    const changed = fc.tuple(fc.nat(body.length - 1), fc.integer({ min: 0, max: 255 }));
    fc.assert(
      fc.property(fc.array(changed, { minLength: 1, maxLength: 6 }), (changes) => {
        const hostile = Buffer.from(body);
        for (const [at, byte] of changes) hostile[at] = byte;
        expect(outcome(`${type} ${hostile.toString('base64')}`)).toMatch(
          /^(\d+|Error: .*(cut short|contradicts|unknown kind).*)$/,
        );
      }),
      { numRuns: 1000 },
    );
  });

  it.each([0, 4 + type.length, 4 + type.length + 4 + 32])(
    'refuses a length of 4 GiB at byte %i',
    (at) => {
      const hostile = Buffer.from(body);
      hostile.writeUInt32BE(0xffff_ffff, at);
      expect(() => readSshCertificate(`${type} ${hostile.toString('base64')}`)).toThrow(
        'cut short',
      );
    },
  );
});

/** When a certificate ends, in milliseconds, or why it was refused. */
function outcome(line: string): string {
  try {
    return String(Number(readSshCertificate(line).expiresAt));
  } catch (error) {
    return String(error);
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

describe('publicKeyOf', () => {
  it('refuses what SSH has no certificates for, and what is no key', () => {
    const x25519 = generateKeyPairSync('x25519').privateKey;
    expect(() => publicKeyOf(pem(x25519, 'pkcs8'))).toThrow(/has no SSH certificate/);
    const broken = '-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n';
    for (const text of [broken, '']) expect(() => publicKeyOf(text)).toThrow(/DECODER|asn1|PEM/i);
  });
});
