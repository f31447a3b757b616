import { generateKeyPairSync, sign } from 'node:crypto';
import type { Registry } from './registry.ts';

/** A key pair of a publisher. */
export interface SigningKey {
  /** The public key in PEM. */
  readonly pem: string;
  /** The private key in PEM. */
  readonly privatePem: string;
  /** Returns a signature with SHA-256. */
  sign(bytes: Uint8Array): Buffer;
}

/** Creates a key pair: ECDSA on the curve P-256, or RSA. */
export function createSigningKey(type: 'ecdsa' | 'rsa' = 'ecdsa'): SigningKey {
  const { publicKey, privateKey } =
    type === 'rsa'
      ? generateKeyPairSync('rsa', { modulusLength: 2048 })
      : generateKeyPairSync('ec', { namedCurve: 'P-256' });
  return {
    pem: publicKey.export({ type: 'spki', format: 'pem' }).toString(),
    privatePem: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    sign: (bytes) => sign('sha256', bytes, privateKey),
  };
}

/** One signature of an image, or a damaged one. */
export interface ImageSignature {
  readonly key: SigningKey;
  /** The digest in the payload. Default: the digest whose tag the signature has. */
  readonly signed?: string;
  /** The type in the payload. */
  readonly type?: string;
  /** Replaces the payload. */
  readonly payload?: string;
  /** Replaces the annotation with the signature. */
  readonly annotation?: string;
  readonly mediaType?: string;
}

/**
 * Stores the signatures of a digest, `sha256:...`, as `cosign sign --key` does in its legacy format.
 * Returns the digests of the payloads.
 */
export function putSignatures(
  registry: Pick<Registry, 'blob' | 'manifest'>,
  digest: string,
  signatures: readonly ImageSignature[],
): readonly string[] {
  const layers = signatures.map((signature) => layerOf(registry, digest, signature));
  const config = registry.blob(Buffer.from('{}'));
  const type = 'application/vnd.oci.image.manifest.v1+json';
  registry.manifest(
    {
      schemaVersion: 2,
      mediaType: type,
      config: { mediaType: 'application/vnd.oci.image.config.v1+json', digest: config, size: 2 },
      layers,
    },
    { type, tag: signatureTag(digest) },
  );
  return layers.map((layer) => layer.digest);
}

/** Returns the tag under which cosign stores the signatures of a digest. */
export function signatureTag(digest: string): string {
  return `${digest.replace(':', '-')}.sig`;
}

function layerOf(
  registry: Pick<Registry, 'blob'>,
  digest: string,
  signature: ImageSignature,
): Readonly<Record<string, unknown>> & { readonly digest: string } {
  const { key, signed = digest, type = 'cosign container image signature' } = signature;
  const critical = {
    identity: { 'docker-reference': 'registry.example.com/tbot' },
    image: { 'docker-manifest-digest': signed },
    type,
  };
  const payload = Buffer.from(
    signature.payload ?? JSON.stringify({ critical, optional: null }),
    'utf8',
  );
  return {
    mediaType: signature.mediaType ?? 'application/vnd.dev.cosign.simplesigning.v1+json',
    digest: registry.blob(payload),
    size: payload.length,
    annotations: {
      'dev.cosignproject.cosign/signature':
        signature.annotation ?? key.sign(payload).toString('base64'),
    },
  };
}
