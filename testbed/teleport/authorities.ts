import { type KeyObject, createPublicKey, generateKeyPair, randomUUID } from 'node:crypto';
import { promisify } from 'node:util';
import { type Authority, createAuthority } from '../ca.ts';
import { sshPublicKey } from '../ssh.ts';

const generate = promisify(generateKeyPair);

/** The CAs of one cluster. Their subject is `O=<cluster>, CN=<cluster>`. */
export interface ClusterAuthorities {
  readonly cluster: string;
  readonly host: Authority;
  readonly user: Authority;
  readonly database: Authority;
  /** Signs SVIDs of the trust domain `spiffe://<cluster>`. */
  readonly spiffe: Authority;
  /** Signs JWT SVIDs. */
  readonly jwt: JwtSigner;
  /** Signs users' SSH certificates. */
  readonly sshUser: KeyObject;
  /** Signs users' SSH certificates for nodes with OpenSSH's server. */
  readonly sshOpenssh: KeyObject;
  readonly sshHostKey: KeyObject;
  /** Public key that signs nodes' SSH certificates: `<type> <base64>`. */
  readonly sshHost: string;
}

export interface JwtSigner {
  readonly key: KeyObject;
  readonly keyId: string;
  readonly algorithm: 'RS256' | 'ES256';
}

/**
 * Creates the CAs with the default keys of a version: RSA up to 16, the suite `balanced-v1` (ECDSA and
 * Ed25519) from 17 on. Source: Teleport's signature algorithm guide.
 */
export async function createClusterAuthorities(
  cluster: string,
  teleportMajor: number,
): Promise<ClusterAuthorities> {
  const kind = teleportMajor < 17 ? 'rsa' : 'ec';
  const name = { organization: cluster, commonName: cluster };
  const create = (uri?: string) =>
    createAuthority(uri === undefined ? name : { ...name, uri }, kind);
  const [host, user, database, spiffe] = await Promise.all([
    create(),
    create(),
    create(),
    create(`spiffe://${cluster}`),
  ]);
  const [sshUser, sshOpenssh, sshHostKey] = await Promise.all([
    generateSshKey(kind),
    generateSshKey(kind),
    generateSshKey(kind),
  ]);
  const sshHost = sshPublicKey(createPublicKey(sshHostKey));
  const jwt = await createJwtSigner(kind);
  const ssh = { sshUser, sshOpenssh, sshHostKey, sshHost };
  return { cluster, host, user, database, spiffe, jwt, ...ssh };
}

async function generateSshKey(kind: 'rsa' | 'ec'): Promise<KeyObject> {
  const { privateKey } =
    kind === 'rsa' ? await generate('rsa', { modulusLength: 2048 }) : await generate('ed25519');
  return privateKey;
}

async function createJwtSigner(kind: 'rsa' | 'ec'): Promise<JwtSigner> {
  const { privateKey: key } =
    kind === 'rsa'
      ? await generate('rsa', { modulusLength: 2048 })
      : await generate('ec', { namedCurve: 'P-256' });
  return { key, keyId: randomUUID(), algorithm: kind === 'rsa' ? 'RS256' : 'ES256' };
}
