import { type KeyObject, createPublicKey, randomBytes, sign } from 'node:crypto';

// The formats of RFC 4251, RFC 4253, RFC 8709 and OpenSSH's PROTOCOL.certkeys.
const certificateTypes = { user: 1, host: 2 } as const;

/** The content of an SSH certificate. */
export interface SshCertificateRequest {
  /** Default: user. */
  readonly type?: keyof typeof certificateTypes;
  /** RSA, Ed25519 or ECDSA P-256. */
  readonly publicKey: KeyObject;
  readonly keyId: string;
  readonly principals: readonly string[];
  readonly validAfter: Date;
  readonly validBefore: Date;
  /** The value '' is an extension without a value. */
  readonly extensions: Readonly<Record<string, string>>;
}

/** Returns the line `<type> <base64>` of a public key, as in `key.pub` and `known_hosts`. */
export function sshPublicKey(key: KeyObject): string {
  const { type, fields } = describe(key);
  return `${type} ${Buffer.concat([text(type), ...fields]).toString('base64')}`;
}

/** Signs a certificate. Returns the line `<type>-cert-v01@openssh.com <base64>` of `key-cert.pub`. */
export function signSshCertificate(authority: KeyObject, request: SshCertificateRequest): string {
  const subject = describe(request.publicKey);
  const type = `${subject.type}-cert-v01@openssh.com`;
  const body = Buffer.concat([
    text(type),
    bytes(randomBytes(32)),
    ...subject.fields,
    uint64(0n),
    uint32(certificateTypes[request.type ?? 'user']),
    text(request.keyId),
    bytes(Buffer.concat(request.principals.map(text))),
    time(request.validAfter),
    time(request.validBefore),
    bytes(Buffer.alloc(0)),
    bytes(extensions(request.extensions)),
    bytes(Buffer.alloc(0)),
    bytes(blob(createPublicKey(authority))),
  ]);
  return `${type} ${Buffer.concat([body, bytes(signature(authority, body))]).toString('base64')}`;
}

/**
 * Formats a private key for OpenSSH: PKCS #1 for RSA, PKCS #8 for ECDSA, and OpenSSH's own format
 * (PROTOCOL.key) for Ed25519. Source: `api/utils/keys/privatekey.go`.
 */
export function sshPrivateKey(key: KeyObject): string {
  const type = key.asymmetricKeyType;
  if (type !== 'ed25519') {
    return key.export({ type: type === 'rsa' ? 'pkcs1' : 'pkcs8', format: 'pem' }).toString();
  }
  const { d, x } = key.export({ format: 'jwk' });
  const check = randomBytes(4);
  const secret = Buffer.concat([decode(d), decode(x)]);
  const fields = [check, check, text('ssh-ed25519'), bytes(decode(x)), bytes(secret), text('')];
  const plain = Buffer.concat(fields);
  const padding = Buffer.from([1, 2, 3, 4, 5, 6, 7].slice(0, (8 - (plain.length % 8)) % 8));
  const body = Buffer.concat([
    Buffer.from('openssh-key-v1\0'),
    text('none'),
    text('none'),
    text(''),
    uint32(1),
    bytes(blob(createPublicKey(key))),
    bytes(Buffer.concat([plain, padding])),
  ]);
  const lines = body.toString('base64').replaceAll(/.{70}/g, '$&\n');
  return `-----BEGIN OPENSSH PRIVATE KEY-----\n${lines.trimEnd()}\n-----END OPENSSH PRIVATE KEY-----\n`;
}

function describe(key: KeyObject): { type: string; fields: Buffer[] } {
  const jwk = key.export({ format: 'jwk' });
  switch (`${key.asymmetricKeyType}`) {
    case 'rsa':
      return { type: 'ssh-rsa', fields: [integer(jwk.e), integer(jwk.n)] };
    case 'ed25519':
      return { type: 'ssh-ed25519', fields: [bytes(decode(jwk.x))] };
    case 'ec':
      return {
        type: 'ecdsa-sha2-nistp256',
        fields: [
          text('nistp256'),
          bytes(Buffer.concat([Buffer.of(4), decode(jwk.x), decode(jwk.y)])),
        ],
      };
    default:
      throw new Error(`unsupported type of SSH key: ${key.asymmetricKeyType}`);
  }
}

function signature(authority: KeyObject, body: Buffer): Buffer {
  switch (`${authority.asymmetricKeyType}`) {
    case 'rsa':
      return Buffer.concat([text('rsa-sha2-512'), bytes(sign('sha512', body, authority))]);
    case 'ed25519':
      return Buffer.concat([text('ssh-ed25519'), bytes(sign(null, body, authority))]);
    default:
      throw new Error(`unsupported type of SSH CA: ${authority.asymmetricKeyType}`);
  }
}

function extensions(values: Readonly<Record<string, string>>): Buffer {
  const sorted = Object.entries(values).toSorted(([a], [b]) => (a < b ? -1 : 1));
  return Buffer.concat(
    sorted.flatMap(([name, value]) => [
      text(name),
      bytes(value === '' ? Buffer.alloc(0) : text(value)),
    ]),
  );
}

function blob(key: KeyObject): Buffer {
  const { type, fields } = describe(key);
  return Buffer.concat([text(type), ...fields]);
}

function bytes(value: Buffer): Buffer {
  return Buffer.concat([uint32(value.length), value]);
}

function text(value: string): Buffer {
  return bytes(Buffer.from(value));
}

function integer(value: string | undefined): Buffer {
  const raw = decode(value);
  return bytes((raw[0] ?? 0) & 0x80 ? Buffer.concat([Buffer.of(0), raw]) : raw);
}

function decode(value: string | undefined): Buffer {
  return Buffer.from(value ?? '', 'base64url');
}

function time(value: Date): Buffer {
  return uint64(BigInt(Math.floor(value.getTime() / 1000)));
}

function uint32(value: number): Buffer {
  const buffer = Buffer.alloc(4);
  buffer.writeUInt32BE(value);
  return buffer;
}

function uint64(value: bigint): Buffer {
  const buffer = Buffer.alloc(8);
  buffer.writeBigUInt64BE(value);
  return buffer;
}
