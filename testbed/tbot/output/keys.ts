import { generateKeyPair, type KeyObject } from 'node:crypto';
import { promisify } from 'node:util';
import type { PlayedVersion } from '../versions.ts';

const generate = promisify(generateKeyPair);

export interface Keys {
  readonly publicKey: KeyObject;
  readonly privateKey: KeyObject;
}

/** Creates a key of a user for SSH and TLS. */
export async function userKeys({ keyType }: PlayedVersion): Promise<Keys> {
  return keyType === 'rsa'
    ? await generate('rsa', { modulusLength: 2048 })
    : await generate('ec', { namedCurve: 'P-256' });
}

/** Creates a key of an SSH server. Source: `lib/cryptosuites/suites.go`. */
export async function hostKeys({ keyType }: PlayedVersion): Promise<Keys> {
  return keyType === 'rsa'
    ? await generate('rsa', { modulusLength: 2048 })
    : await generate('ed25519');
}

/** Formats a key as PKCS #1 for RSA and PKCS #8 otherwise. Source: `api/utils/keys/privatekey.go`. */
export function privateKeyPem(key: KeyObject): string {
  const type = key.asymmetricKeyType === 'rsa' ? 'pkcs1' : 'pkcs8';
  return key.export({ type, format: 'pem' }).toString();
}

/** SPKI, PEM. */
export function publicKeyPem(key: KeyObject): string {
  return key.export({ type: 'spki', format: 'pem' }).toString();
}
