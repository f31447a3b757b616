import { createHash } from 'node:crypto';

import type { PublicKey } from '../../inputs/public-keys.ts';
import { StatusError } from '../../http/retry.ts';
import { isRecord, parseJson, property } from '../../text/json.ts';
import { type Examined, unsignedImage } from '../signature/signature-problems.ts';
import { bytesOf, decodeBase64, signerOf } from '../signature/verify-bytes.ts';
import { type Descriptor, isDescriptor, manifestTypes } from './manifest.ts';
import type { Registry } from './registry.ts';

/** Bytes. A signature has 1 KB, with a certificate and a log entry 10 KB. */
const longestManifest = 2 ** 20;
const longestPayload = 64 * 1024;
const longestSignature = 2048;
const mostSignatures = 50;

const payloadType = 'application/vnd.dev.cosign.simplesigning.v1+json';
const annotation = 'dev.cosignproject.cosign/signature';

/**
 * Verifies that one of the digests is signed, and returns the key. Reads signatures made by
 * `cosign sign --key` in the legacy format: a manifest with the tag `sha256-<hex>.sig` in the same
 * repository, with a layer for each signature (cosign, specs/SIGNATURE_SPEC.md). The reference in the
 * payload is not compared, because a mirror has another name. Throws a Problem `signature`, a
 * NetworkError, a StatusError, or the signal's reason.
 */
export async function verifyImage(
  name: string,
  digests: readonly string[],
  keys: readonly PublicKey[],
  registry: Registry,
): Promise<PublicKey> {
  const examined: Examined[] = [];
  for (const digest of new Set(digests)) {
    const result = await examine(digest, keys, registry);
    if ('key' in result) return result;
    examined.push({ digest, ...result });
  }
  throw unsignedImage(name, examined, keys);
}

type Flaw = Pick<Examined, 'kind' | 'why'>;

const wrong = (why: string): Flaw => ({ kind: 'wrong', why });

async function examine(
  digest: string,
  keys: readonly PublicKey[],
  registry: Registry,
): Promise<PublicKey | Flaw> {
  const tag = `sha256-${digest}.sig`;
  const manifest = await fetched(registry, `manifests/${tag}`, manifestTypes, longestManifest);
  if (typeof manifest === 'number')
    return { kind: 'missing', why: `no tag ${tag} (HTTP ${manifest})` };
  const layers = layersOf(manifest);
  if (typeof layers === 'string') return wrong(layers);
  let flaw = wrong(layers.length === 1 ? 'made with another key' : 'all made with other keys');
  for (const layer of layers) {
    const result = await verifyLayer(layer, { digest, keys, registry });
    if (result === undefined) continue;
    if ('key' in result) return result;
    flaw = result;
  }
  return flaw;
}

/**
 * Returns the content at a path; the status if it does not exist there; undefined if it is longer than
 * `limit`. A registry can return 401 or 403 for a tag that does not exist.
 */
async function fetched(
  registry: Registry,
  path: string,
  accept: string,
  limit: number,
): Promise<Buffer | number | undefined> {
  try {
    return await bytesOf(await registry.get(path, accept), limit);
  } catch (error) {
    if (error instanceof StatusError && [401, 403, 404].includes(error.status)) return error.status;
    throw error;
  }
}

interface SignatureLayer {
  readonly payload: Descriptor;
  readonly signature: Buffer;
}

/** Returns the signatures in a manifest, or why there are none. */
function layersOf(manifest: Buffer | undefined): readonly SignatureLayer[] | string {
  if (manifest === undefined)
    return `its signature manifest is longer than ${longestManifest} bytes`;
  const layers = property(parseJson(manifest.toString('utf8')), 'layers');
  if (!Array.isArray(layers)) return 'its signature manifest is malformed';
  if (layers.length > mostSignatures) return `it has more than ${mostSignatures} signatures`;
  const valid = layers.flatMap((layer: unknown) => layerOf(layer) ?? []);
  return valid.length > 0 ? valid : 'its signature manifest contains no valid cosign signature';
}

function layerOf(layer: unknown): SignatureLayer | undefined {
  if (!isRecord(layer) || layer['mediaType'] !== payloadType || !isDescriptor(layer))
    return undefined;
  const text = property(layer['annotations'], annotation);
  if (typeof text !== 'string' || text.length > longestSignature) return undefined;
  const signature = decodeBase64(text);
  return signature && { payload: { digest: layer.digest, size: layer.size }, signature };
}

/** Returns the key that signed the digest, a flaw, or undefined if another key made the signature. */
async function verifyLayer(
  { payload: { digest: reference }, signature }: SignatureLayer,
  {
    digest,
    keys,
    registry,
  }: {
    readonly digest: string;
    readonly keys: readonly PublicKey[];
    readonly registry: Registry;
  },
): Promise<PublicKey | Flaw | undefined> {
  const payload = await fetched(registry, `blobs/${reference}`, '*/*', longestPayload);
  if (typeof payload === 'number') return wrong(`the signed payload is missing (HTTP ${payload})`);
  if (payload === undefined)
    return wrong(`the signed payload is longer than ${longestPayload} bytes`);
  if (reference !== `sha256:${createHash('sha256').update(payload).digest('hex')}`)
    return wrong('the signed payload does not match its digest');
  const key = signerOf(payload, signature, keys);
  if (key === undefined) return undefined;
  const critical = property(parseJson(payload.toString('utf8')), 'critical');
  if (property(critical, 'type') !== 'cosign container image signature')
    return wrong('the signed payload is not that of a container image');
  const signed = property(property(critical, 'image'), 'docker-manifest-digest');
  if (signed === `sha256:${digest}`) return key;
  return { kind: 'other-image', why: 'the signature is valid for another digest' };
}
