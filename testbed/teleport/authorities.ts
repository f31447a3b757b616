import { type KeyObject, createPublicKey, generateKeyPair } from 'node:crypto';
import { promisify } from 'node:util';
import { type Authority, createAuthority } from '../ca.ts';
import { sshPublicKey } from '../ssh.ts';

const generate = promisify(generateKeyPair);

/** The authorities of one cluster. Their certificates say `O=<cluster>, CN=<cluster>`. */
export interface ClusterAuthorities {
  readonly cluster: string;
  readonly host: Authority;
  readonly user: Authority;
  readonly database: Authority;
  /** Signs users' SSH certificates. */
  readonly sshUser: KeyObject;
  /** Public key that signs nodes' SSH certificates: `<type> <base64>`. */
  readonly sshHost: string;
}

/**
 * Makes them with the keys a cluster of that age starts with: RSA up to 16, the suite
 * `balanced-v1` (ECDSA and Ed25519) from 17 on. Source: Teleport's signature algorithm guide.
 */
export async function createClusterAuthorities(
  cluster: string,
  teleportMajor: number,
): Promise<ClusterAuthorities> {
  const kind = teleportMajor < 17 ? 'rsa' : 'ec';
  const create = () => createAuthority({ organization: cluster, commonName: cluster }, kind);
  const [host, user, database, sshUser, sshHost] = await Promise.all([
    create(),
    create(),
    create(),
    generateSshKey(kind),
    generateSshKey(kind),
  ]);
  return {
    cluster,
    host,
    user,
    database,
    sshUser,
    sshHost: sshPublicKey(createPublicKey(sshHost)),
  };
}

async function generateSshKey(kind: 'rsa' | 'ec'): Promise<KeyObject> {
  const { privateKey } =
    kind === 'rsa' ? await generate('rsa', { modulusLength: 2048 }) : await generate('ed25519');
  return privateKey;
}
