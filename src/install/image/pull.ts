import { createHash } from 'node:crypto';

import type { HttpClient, Timeouts } from '../../http/client.ts';
import { type RetryPolicy, retry } from '../../http/retry.ts';
import { Problem } from '../../problem.ts';
import { BadArchive, type Extracted } from '../archive/archive.ts';
import { extractTar } from '../archive/extract-tar.ts';
import { keyName } from '../signature/signature-problems.ts';
import type { PublicKey } from '../../inputs/public-keys.ts';
import { unpinnedImage, wrongDigest } from '../download-problems.ts';
import { withProgress } from '../progress.ts';
import { type ImageReference, nameOf, tbotInImage } from '../release.ts';
import { removeOnFailure, type StagedProgram, stagingPath } from '../staging.ts';
import { verifyImage } from './image-signature.ts';
import { type Layer, type Manifest, manifestTypes, parseManifest } from './manifest.ts';
import { openRegistry, type Registry } from './registry.ts';

export interface PullRequest {
  readonly image: ImageReference;
  /** SHA-256 digests; one must be the index's or the platform manifest's. */
  readonly pins: readonly string[] | undefined;
  /** Keys, one of which must have signed the index or the platform manifest. */
  readonly keys: readonly PublicKey[] | undefined;
  /** Where tbot is staged; other files are removed. */
  readonly directory: string;
  readonly network: Pick<HttpClient, 'get'>;
  readonly signal: AbortSignal;
  readonly info: (line: string) => void;
  /** Called with the number of bytes of each part of a layer. */
  readonly onBytes?: (count: number) => void;
  readonly retryPolicy: RetryPolicy;
  readonly timeouts?: Partial<Timeouts>;
}

/** Bytes. Real manifests have less than 10 KB. */
const longestManifest = 4 * 2 ** 20;

/**
 * Stages tbot from its image and verifies every manifest and layer against its digest. Throws a
 * NetworkError, a StatusError, a BadArchive, a Problem `checksum`, `signature` or `platform`, or the
 * signal's reason.
 */
export async function pull(request: PullRequest): Promise<StagedProgram> {
  const { retryPolicy, signal, info } = request;
  return retry(
    retryPolicy,
    signal,
    async () => {
      const path = stagingPath(request.directory, 'tbot');
      return removeOnFailure([path], () => attempt(request, path));
    },
    info,
  );
}

async function attempt(request: PullRequest, path: string): Promise<StagedProgram> {
  const { image, network, signal, timeouts } = request;
  const registry = openRegistry(image, { network, signal, ...(timeouts && { timeouts }) });
  const top = await fetchManifest(registry, image.tag);
  const { manifest, digest } = await forPlatform(top, registry, image);
  checkPins(request, [top.digest, digest]);
  await checkSignature(request, registry, [top.digest, digest]);
  if (manifest.kind !== 'image') throw new BadArchive('its index refers to another index');
  return { path, digest: await extractTbot(manifest.layers, { ...request, registry, path }) };
}

interface FetchedManifest {
  readonly manifest: Manifest;
  /** SHA-256 as lower-case hex. */
  readonly digest: string;
}

async function fetchManifest(registry: Registry, reference: string): Promise<FetchedManifest> {
  const reply = await registry.get(`manifests/${reference}`, manifestTypes);
  if (/^text\/html/i.test(reply.headers['content-type'] ?? '')) {
    reply.discard();
    throw new BadArchive('the registry returned a web page');
  }
  const text = await reply.text(longestManifest);
  const digest = createHash('sha256').update(text).digest('hex');
  if (reference.startsWith('sha256:') && reference !== `sha256:${digest}`)
    throw wrongDigest('Manifest', digest, reference);
  return { manifest: parseManifest(text), digest };
}

async function forPlatform(
  top: FetchedManifest,
  registry: Registry,
  image: ImageReference,
): Promise<FetchedManifest> {
  if (top.manifest.kind === 'image') return top;
  const { os, architecture } = image.platform;
  const entry = top.manifest.manifests.find(
    (candidate) => candidate.os === os && candidate.architecture === architecture,
  );
  if (entry) return fetchManifest(registry, entry.digest);
  throw new Problem({
    code: 'platform',
    what: `${nameOf(image)} does not include an image for ${os}/${architecture}.`,
    fix: 'Set `install-from: archive`, or install tbot on the runner and set `tbot-path`.',
  });
}

function checkPins({ image, pins }: PullRequest, digests: readonly string[]): void {
  if (pins === undefined || digests.some((digest) => pins.includes(digest))) return;
  const [index = ''] = digests;
  throw unpinnedImage(nameOf(image), index, pins);
}

/**
 * Requires a signature of the index or of the platform manifest. The index is sufficient, because it
 * contains the digest of the platform manifest, which contains those of the layers.
 */
async function checkSignature(
  { image, keys, info }: PullRequest,
  registry: Registry,
  digests: readonly string[],
): Promise<void> {
  if (keys === undefined) return;
  const key = await verifyImage(nameOf(image), digests, keys, registry);
  info(`The image is signed with key ${keyName(key)}.`);
}

interface Target extends Pick<PullRequest, 'info' | 'onBytes'> {
  readonly registry: Registry;
  /** File that tbot is written to. */
  readonly path: string;
}

/**
 * Writes tbot from the topmost layer that contains it, and returns its SHA-256. A layer replaces or
 * hides files of the layers below it, so a whiteout above tbot means that the image has none. Starting
 * at the top fetches the fewest layers, because every layer above tbot could replace or hide it.
 */
async function extractTbot(layers: readonly Layer[], target: Target): Promise<string> {
  for (const layer of layers.toReversed()) {
    const { digests, hidesLower } = await extractLayer(layer, target);
    const digest = digests.get(tbotInImage);
    if (digest !== undefined) return digest;
    if (hidesLower) break;
  }
  throw new BadArchive(`it does not contain \`${tbotInImage}\``);
}

async function extractLayer(layer: Layer, target: Target): Promise<Extracted> {
  const { registry, path, info, onBytes } = target;
  const reply = await registry.get(`blobs/${layer.digest}`, '*/*');
  try {
    const body = withProgress(reply.body, layer.size, info, onBytes);
    const { digest, outcome } = await extractTar(body, new Map([[tbotInImage, path]]), {
      compression: layer.compression,
      hidesLower: ({ name, kind }) =>
        whiteouts.has(name) || (parents.has(name) && kind !== 'directory'),
      limit: layer.size,
    });
    if (layer.digest !== `sha256:${digest}`) throw wrongDigest('Layer', digest, layer.digest);
    if (outcome instanceof BadArchive) throw outcome;
    return outcome;
  } finally {
    reply.discard();
  }
}

const pathParts = tbotInImage.split('/');

/** The directories above tbot. A layer that has a file of such a name replaces the whole directory. */
const parents: ReadonlySet<string> = new Set(
  pathParts.slice(1).map((_, index) => pathParts.slice(0, index + 1).join('/')),
);

/** Files that hide tbot, a directory above it or all its files (OCI image layer specification). */
const whiteouts: ReadonlySet<string> = new Set(
  pathParts.flatMap((part, index) => {
    const folder = pathParts.slice(0, index).map((name) => `${name}/`);
    return [`${folder.join('')}.wh.${part}`, `${folder.join('')}.wh..wh..opq`];
  }),
);
