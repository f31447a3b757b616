import { createHash, createPrivateKey, createPublicKey } from 'node:crypto';

/** The contents of an OpenSSH certificate. */
export interface SshCertificateFacts {
  /** `user` authenticates a client, `host` a server. */
  readonly kind: 'user' | 'host';
  readonly expiresAt: Date;
  /** SHA-256 of the public key's numbers, to compare with `publicKeyOf`. */
  readonly publicKey: string;
}

/** Number of fields of the public key by certificate type (OpenSSH, PROTOCOL.certkeys). */
const publicKeyFields: ReadonlyMap<string, number> = new Map([
  ['ssh-rsa-cert-v01@openssh.com', 2],
  ['ssh-ed25519-cert-v01@openssh.com', 1],
  ['ecdsa-sha2-nistp256-cert-v01@openssh.com', 2],
  ['ecdsa-sha2-nistp384-cert-v01@openssh.com', 2],
  ['ecdsa-sha2-nistp521-cert-v01@openssh.com', 2],
]);

/** Reads a line `<type> <base64> [comment]`. Throws an Error for anything else. */
export function readSshCertificate(line: string): SshCertificateFacts {
  const [type = '', body = ''] = line.trim().split(/\s+/);
  const fields = publicKeyFields.get(type);
  if (fields === undefined) throw new Error(`${type || 'an empty file'} is not an SSH certificate`);
  const reader = new Reader(Buffer.from(body, 'base64'));
  if (reader.text() !== type)
    throw new Error('the SSH certificate contains a different type than its line');
  reader.bytes(); // nonce
  const numbers = Array.from({ length: fields }, () => reader.bytes());
  reader.take(8); // serial
  const kind = kinds[reader.take(4).readUInt32BE()];
  if (kind === undefined)
    throw new Error('the SSH certificate is neither a user nor a host certificate');
  for (const _ of ['key id', 'principals']) reader.bytes();
  reader.take(8); // valid after
  const expiresAt = dateOf(reader.number());
  return { kind, expiresAt, publicKey: digest(numbers) };
}

/** By number (OpenSSH, PROTOCOL.certkeys). */
const kinds = [undefined, 'user', 'host'] as const;

/**
 * Returns the `publicKey` of a certificate for this private key. Accepts PEM and the OpenSSH format;
 * throws an Error for anything else.
 */
export function publicKeyOf(keyPem: string): string {
  const openSsh = /-----BEGIN OPENSSH PRIVATE KEY-----([^-]*)-----END/.exec(keyPem)?.[1];
  if (openSsh !== undefined) return publicKeyOfOpenSsh(Buffer.from(openSsh, 'base64'));
  const key = createPublicKey(createPrivateKey(keyPem));
  const jwk = key.export({ format: 'jwk' });
  switch (`${key.asymmetricKeyType}`) {
    case 'rsa':
      return digest([positive(bytes(jwk.e)), positive(bytes(jwk.n))]);
    case 'ed25519':
      return digest([bytes(jwk.x)]);
    case 'ec':
      return digest([
        Buffer.from(String(jwk.crv).replace('P-', 'nistp')),
        Buffer.concat([Buffer.from([4]), bytes(jwk.x), bytes(jwk.y)]),
      ]);
    default:
      throw new Error(`SSH certificates do not support keys of type ${key.asymmetricKeyType}`);
  }
}

/** The public key precedes the private one and is never encrypted (OpenSSH, PROTOCOL.key). */
function publicKeyOfOpenSsh(blob: Buffer): string {
  const magic = 'openssh-key-v1\0';
  if (blob.toString('latin1', 0, magic.length) !== magic) throw new Error('the SSH key is damaged');
  const reader = new Reader(blob.subarray(magic.length));
  for (const _ of ['cipher', 'kdf', 'options of the kdf']) reader.bytes();
  reader.take(4); // number of keys
  const key = new Reader(reader.bytes());
  key.bytes(); // type
  return digest(key.rest());
}

/** A JWK of a type has all the numbers of that type (RFC 7518, section 6). */
function bytes(text: string | undefined): Buffer {
  return Buffer.from(String(text), 'base64url');
}

/** An SSH number is signed: one with the highest bit set gets a leading zero (RFC 4251, mpint). */
function positive(number: Buffer): Buffer {
  return number.readUInt8() >= 0x80 ? Buffer.concat([Buffer.from([0]), number]) : number;
}

function digest(parts: readonly Buffer[]): string {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(`${part.length}:`).update(part);
  return hash.digest('hex');
}

/** All bits set means that it never expires; a Date cannot be that late. */
function dateOf(seconds: bigint): Date {
  const last = 8_640_000_000_000n;
  return new Date(Number(seconds > last ? last : seconds) * 1000);
}

/** Reads the wire format of RFC 4251: strings are bytes with a length prefix. */
class Reader {
  readonly #buffer: Buffer;
  #offset = 0;

  constructor(buffer: Buffer) {
    this.#buffer = buffer;
  }

  take(length: number): Buffer {
    const start = this.#offset;
    this.#offset += length;
    if (this.#offset > this.#buffer.length) throw new Error('the SSH certificate is incomplete');
    return this.#buffer.subarray(start, this.#offset);
  }

  bytes(): Buffer {
    return this.take(this.take(4).readUInt32BE());
  }

  text(): string {
    return this.bytes().toString('utf8');
  }

  rest(): readonly Buffer[] {
    const found: Buffer[] = [];
    while (this.#offset < this.#buffer.length) found.push(this.bytes());
    return found;
  }

  number(): bigint {
    return this.take(8).readBigUInt64BE();
  }
}
