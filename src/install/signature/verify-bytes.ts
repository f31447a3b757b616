import { createVerify, verify } from 'node:crypto';

import type { PublicKey } from '../../inputs/public-keys.ts';
import type { Reply } from '../../http/client.ts';

/**
 * Decodes the content of a signature file: base64, as cosign writes it, or the plain bytes, as openssl
 * does. Undefined if it is neither an ECDSA nor an RSA signature. An ECDSA signature in DER contains
 * bytes that base64 does not use.
 */
export function decodeSignature(content: Uint8Array): Buffer | undefined {
  const text = Buffer.from(content).toString('latin1');
  const bytes = /^[A-Za-z0-9+/=\s]+$/.test(text) ? decodeBase64(text) : Buffer.from(content);
  return bytes !== undefined && (isEcdsa(bytes) || rsaSizes.has(bytes.length)) ? bytes : undefined;
}

/** Whether bytes have the form of an ECDSA signature on P-256: a DER sequence of at most 72 bytes. */
function isEcdsa(bytes: Uint8Array): boolean {
  return (
    bytes.length >= 8 && bytes.length <= 72 && bytes[0] === 0x30 && bytes[1] === bytes.length - 2
  );
}

/** Bytes of signatures by RSA keys with 2048, 3072, 4096, 6144 and 8192 bits. */
const rsaSizes: ReadonlySet<number> = new Set([256, 384, 512, 768, 1024]);

/** Decodes base64 with padding and white space. Undefined if it is not base64. */
export function decodeBase64(text: string): Buffer | undefined {
  const plain = text.replaceAll(/\s+/g, '');
  const bytes = Buffer.from(plain, 'base64');
  return plain !== '' && bytes.toString('base64') === plain ? bytes : undefined;
}

/** Returns the first key that made a signature over these bytes with SHA-256. */
export function signerOf(
  bytes: Uint8Array,
  signature: Uint8Array,
  keys: readonly PublicKey[],
): PublicKey | undefined {
  return keys.find(({ key }) => verify('sha256', bytes, key, signature));
}

/** Verifies a signature over a stream. */
export interface StreamVerifier {
  /** Yields the content unchanged and adds it to the signed bytes. */
  watch(content: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array, void, void>;
  /** Returns the first key that made the signature. Call it after the end of the content. */
  signer(): PublicKey | undefined;
}

/**
 * Verifies a signature with several keys. Each key hashes the content once more, because node:crypto
 * verifies no ECDSA signature over a digest that was computed before.
 */
export function streamVerifier(signature: Uint8Array, keys: readonly PublicKey[]): StreamVerifier {
  const pairs = keys.map((key) => ({ key, verifier: createVerify('sha256') }));
  return {
    watch: async function* (content) {
      for await (const chunk of content) {
        for (const { verifier } of pairs) verifier.update(chunk);
        yield chunk;
      }
    },
    signer: () => pairs.find(({ key, verifier }) => verifier.verify(key.key, signature))?.key,
  };
}

/** Returns a whole body; undefined if it is longer than `limit` bytes. */
export async function bytesOf(reply: Reply, limit: number): Promise<Buffer | undefined> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of reply.body) {
    length += chunk.length;
    if (length > limit) return undefined;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}
