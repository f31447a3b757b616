import { generateKeyPairSync } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { type InputDictionary, readInputs } from '../../src/inputs/inputs.ts';
import { privateKeyLines } from '../../src/inputs/public-keys.ts';
import { createSigningKey } from '../../testbed/signatures.ts';
import { problemOf } from './problem.fixture.ts';

const smallest = { proxy: 'example.teleport.sh', token: 'ci-github' };
const [ecdsa, rsa] = [createSigningKey(), createSigningKey('rsa')];

/** Returns the number of keys. */
const keysIn = (value: string): number => {
  const { signatureKey } = readInputs({ ...smallest, 'signature-key': value }).inputs;
  return signatureKey?.kind === 'keys' ? signatureKey.keys.length : 0;
};

/** Returns the whole message. */
function errorIn(value: string, more: InputDictionary = {}): string {
  const dictionary = { ...smallest, 'signature-key': value, ...more };
  const { message, errors } = problemOf(() => readInputs(dictionary));
  return [message, ...errors].join('\n');
}

const publicPem = (type: 'ed25519' | 'rsa-pss'): string =>
  (type === 'ed25519'
    ? generateKeyPairSync('ed25519')
    : generateKeyPairSync('rsa-pss', { modulusLength: 2048 })
  ).publicKey
    .export({ type: 'spki', format: 'pem' })
    .toString();

const curve = (namedCurve: string): string =>
  generateKeyPairSync('ec', { namedCurve })
    .publicKey.export({ type: 'spki', format: 'pem' })
    .toString();

const shortRsa = (): string =>
  generateKeyPairSync('rsa', { modulusLength: 1024 })
    .publicKey.export({ type: 'spki', format: 'pem' })
    .toString();

describe('signature-key', () => {
  it.each([
    ['one key', ecdsa.pem, 1],
    ['an ECDSA key and an RSA key', `${ecdsa.pem}${rsa.pem}`, 2],
    ['comments and blank lines', `# primary\n${ecdsa.pem}\n\n  # backup\n${rsa.pem}`, 2],
    ['line ends of Windows', `${ecdsa.pem}${rsa.pem}`.replaceAll('\n', '\r\n'), 2],
    ['indentation', `${ecdsa.pem}${rsa.pem}`.replaceAll(/^/gm, '    '), 2],
    ['line breaks that became spaces', ecdsa.pem.replaceAll('\n', ' '), 1],
  ])('reads %s', (_, value, count) => {
    expect(keysIn(value)).toBe(count);
  });

  it('takes anything else in one line as the path of a file', () => {
    const { signatureKey } = readInputs({ ...smallest, 'signature-key': 'keys/a.pem' }).inputs;
    expect(signatureKey).toEqual({ kind: 'file', path: 'keys/a.pem' });
  });

  it.each([
    ['a curve', curve('P-384'), 'line 1, column 1', 'secp384r1'],
    ['a type', publicPem('ed25519'), 'line 1, column 1', 'ed25519'],
    ['a type of RSA', publicPem('rsa-pss'), 'line 1, column 1', 'rsa-pss'],
    ['a short RSA key', shortRsa(), 'line 1, column 1', '1024 bits'],
    ['another PEM block', ecdsa.pem.replaceAll('PUBLIC KEY', 'X509 CRL'), 'line 1', 'PUBLIC KEY'],
    ['a certificate', ecdsa.pem.replaceAll('PUBLIC KEY', 'CERTIFICATE'), 'line 1', 'openssl x509'],
    ['base64', ecdsa.pem.replace('MFkw', 'MFk*'), 'line 1, column 1', 'base64'],
    ['a damaged key', ecdsa.pem.replace('MFkw', 'MFkx'), 'line 1, column 1', 'valid public key'],
    ['a truncated block', ecdsa.pem.slice(0, 90), 'line 1, column 1', 'complete PEM block'],
    ['two ends', ecdsa.pem.replace('END PUBLIC', 'END OTHER'), 'line 1', 'does not match'],
    ['other text', `${ecdsa.pem}primary key\n`, 'line 5, column 1', 'complete PEM block'],
  ])('rejects %s', (_, value, place, words) => {
    const message = errorIn(value);
    expect(message).toContain(place);
    expect(message).toContain(words);
  });

  it('reports every invalid key with its line', () => {
    const message = errorIn(`${curve('P-384')}${ecdsa.pem}\n  ${shortRsa()}`);
    expect(message).toContain('has 2 errors');
    expect(message).toContain('Line 1, column 1: the curve');
    expect(message).toContain('column 3: the RSA key');
  });

  it('accepts at most ten keys', () => {
    expect(keysIn(ecdsa.pem.repeat(10))).toBe(10);
    expect(errorIn(ecdsa.pem.repeat(11))).toContain('more than 10 keys');
  });

  it('reports text that is neither a key nor a path', () => {
    expect(errorIn('one\ntwo')).toContain('neither a public key in PEM nor the path of a file');
    expect(errorIn('-----')).toContain('complete PEM block');
  });
});

describe('a private key in signature-key', () => {
  const encrypted = ecdsa.privatePem.replaceAll('PRIVATE KEY', 'ENCRYPTED SIGSTORE PRIVATE KEY');
  const withHeader = ecdsa.privatePem.replace('\n', '\nDEK-Info: AES-256-CBC,0102\n\n');

  it.each([
    ['in PEM', ecdsa.privatePem],
    ['encrypted by cosign', encrypted],
    ['with a header', withHeader],
    ['without its end', ecdsa.privatePem.slice(0, -26)],
    ['in one line', ecdsa.privatePem.replaceAll('\n', ' ')],
    ['after a public key', `${rsa.pem}${ecdsa.privatePem}`],
    ['without PEM', ecdsa.privatePem.split('\n').slice(1, -2).join('')],
  ])('is reported and masked, but not shown: %s', (_, value) => {
    const masks = privateKeyLines(value);
    const body = ecdsa.privatePem.split('\n').slice(1, -2);
    const message = errorIn(value);
    expect(message).toMatch(/private key|public key in PEM/);
    for (const line of body) {
      expect(message).not.toContain(line.slice(0, 12));
      expect(masks.join('')).toContain(line);
    }
  });

  it('is not found in public keys', () => {
    expect(privateKeyLines(`${ecdsa.pem}${rsa.pem}`)).toEqual([]);
  });
});

describe('signature-extension', () => {
  const more = { 'signature-key': ecdsa.pem };

  it.each([
    ['sig', 'sig'],
    ['.asc', 'asc'],
    ['p256.sig', 'p256.sig'],
  ])('%s', (value, extension) => {
    const given = { ...smallest, ...more, 'signature-extension': value };
    expect(readInputs(given).inputs.signatureExtension).toBe(extension);
  });

  it.each(['..', 'a/b', '../sig', 'sig?x', 'a'.repeat(51), 'sig.'])('rejects %s', (value) => {
    expect(errorIn(ecdsa.pem, { 'signature-extension': value })).toContain('file extension');
  });
});
