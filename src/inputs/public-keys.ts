import { createHash, createPublicKey, type KeyObject } from 'node:crypto';

import { InputError, InputErrors, type Position, type ValueError } from '../text/input-error.ts';
import { parsePath } from './parsers.ts';

/** A public key that signatures are verified with. */
export interface PublicKey {
  readonly key: KeyObject;
  /** SHA-256 of the key in DER (SubjectPublicKeyInfo), as lower-case hex. */
  readonly fingerprint: string;
}

/** The public keys in an input, or the path of the file with them. */
export type SignatureKey =
  | { readonly kind: 'keys'; readonly keys: readonly PublicKey[] }
  | { readonly kind: 'file'; readonly path: string };

/** Parses public keys in PEM, or the path of a file. Throws an InputError or InputErrors. */
export function parseSignatureKey(text: string): SignatureKey {
  if (text.includes('-----')) return { kind: 'keys', keys: parsePublicKeys(text) };
  if (text.includes('\n') || bareBase64.test(text))
    throw new InputError('it is neither a public key in PEM nor the path of a file');
  return { kind: 'file', path: parsePath(text) };
}

const mostKeys = 10;
const rsaBits: readonly number[] = [2048, 3072, 4096, 6144, 8192];

/**
 * Parses one or more public keys in PEM: ECDSA on the curve P-256, and RSA. Blank lines and lines that
 * begin with `#` can separate them. Throws InputErrors with the position of each error, which repeat no
 * part of the text, because it can be a private key.
 */
export function parsePublicKeys(text: string): readonly PublicKey[] {
  const hidden = /-----BEGIN [^\n-]*PRIVATE KEY/.exec(text);
  if (hidden) throw new InputErrors([privateKey(positionOf(text, hidden.index))]);
  const blocks = [...text.matchAll(pemBlock)];
  const errors: ValueError[] = strayLines(text);
  const keys = blocks.flatMap((block) => {
    const key = keyIn(block);
    if (typeof key !== 'string') return [key];
    errors.push({ message: key, at: positionOf(text, block.index) });
    return [];
  });
  if (blocks.length + errors.length === 0)
    errors.push({ message: 'it contains no public key in PEM' });
  if (blocks.length > mostKeys) errors.push({ message: `it contains more than ${mostKeys} keys` });
  if (errors.length > 0) throw new InputErrors(errors.toSorted(byLine));
  return keys;
}

/** Returns the lines of private keys in the value of the input, so that they can be masked. */
export function privateKeyLines(text: string): readonly string[] {
  const blocks = text.matchAll(/-----BEGIN [^\n-]*PRIVATE KEY-----([^]*?)(?:-----|$)/g);
  const lines = [...blocks].flatMap(([, body = '']) => body.split(/\s+/));
  const bare = bareBase64.test(text.trim()) ? [text.trim()] : [];
  // Shorter words, such as those of a header, could be any word.
  return [...lines.filter((line) => line.length >= 16), ...bare];
}

/** A key in DER as base64 without PEM, which begins with `M`. It can be a private key. */
const bareBase64 = /^M[A-Za-z0-9+/=]{79,}$/;

function byLine({ at: one }: ValueError, { at: other }: ValueError): number {
  return (one?.line ?? 0) - (other?.line ?? 0);
}

const pemBlock = /-----BEGIN ([^\n-]*)-----([^-]*)-----END ([^\n-]*)-----/g;

function privateKey(at: Position): ValueError {
  const message =
    'it is a private key. Specify the public key that belongs to it, and replace the key pair if others can read this workflow or its log';
  return { message, at };
}

/** Returns an error for the first line that is neither part of a complete PEM block nor a comment. */
function strayLines(text: string): ValueError[] {
  const blanked = text.replaceAll(pemBlock, (block) => block.replaceAll(/\S/g, ' '));
  const stray = /^[^\S\n]*(?!#)\S/m.exec(blanked);
  if (stray === null) return [];
  const message = 'a line is not part of a complete PEM block (`-----BEGIN PUBLIC KEY-----`)';
  return [{ message, at: positionOf(text, stray.index) }];
}

/** Returns the key in a PEM block, or why there is none. */
function keyIn([, label = '', body = '', end]: RegExpExecArray): PublicKey | string {
  if (end !== label) return 'the end of the PEM block does not match its beginning';
  if (label === 'CERTIFICATE')
    return 'it is a certificate. Extract its public key with `openssl x509 -pubkey -noout`';
  if (label !== 'PUBLIC KEY') return 'the PEM block is not a `PUBLIC KEY`';
  const base64 = body.replaceAll(/\s+/g, '');
  const der = Buffer.from(base64, 'base64');
  if (base64 === '' || der.toString('base64') !== base64)
    return 'the PEM block is not valid base64';
  const key = decoded(der);
  if (key === undefined) return 'the PEM block does not contain a valid public key';
  const flaw = unsupported(key);
  if (flaw !== undefined) return flaw;
  return { key, fingerprint: createHash('sha256').update(der).digest('hex') };
}

function decoded(der: Buffer): KeyObject | undefined {
  try {
    const key = createPublicKey({ key: der, format: 'der', type: 'spki' });
    return der.equals(key.export({ format: 'der', type: 'spki' })) ? key : undefined;
  } catch {
    return undefined;
  }
}

const accepted = 'ECDSA keys on the curve P-256 and RSA keys are accepted';

function unsupported({ asymmetricKeyType, asymmetricKeyDetails }: KeyObject): string | undefined {
  const { namedCurve, modulusLength = 0 } = asymmetricKeyDetails ?? {};
  if (asymmetricKeyType === 'ec')
    return namedCurve === 'prime256v1'
      ? undefined
      : `the curve of the key is ${namedCurve ?? 'unnamed'}; ${accepted}`;
  if (asymmetricKeyType !== 'rsa')
    return `the type of the key is ${asymmetricKeyType ?? 'unknown'}; ${accepted}`;
  return rsaBits.includes(modulusLength)
    ? undefined
    : `the RSA key has ${modulusLength} bits; ${rsaBits.join(', ')} are accepted`;
}

function positionOf(text: string, index: number): Position {
  const before = text.slice(0, index).split('\n');
  return { line: before.length, column: (before.at(-1)?.length ?? 0) + 1 };
}
