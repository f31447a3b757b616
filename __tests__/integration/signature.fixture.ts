import { parseSignatureKey, type SignatureKey } from '../../src/inputs/public-keys.ts';
import type { SigningKey } from '../../testbed/signatures.ts';

/** Returns the value of `signature-key` with the public keys of these key pairs. */
export function trusting(...keys: readonly Pick<SigningKey, 'pem'>[]): {
  readonly signatureKey: SignatureKey;
} {
  return { signatureKey: parseSignatureKey(keys.map(({ pem }) => pem).join('')) };
}
