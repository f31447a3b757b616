import { createHash } from 'node:crypto';

import type { HttpClient, Timeouts } from '../../http/client.ts';
import { type RetryPolicy, retry } from '../../http/retry.ts';
import { Problem } from '../../problem.ts';
import { removeOnFailure, stagingPath, type Staged } from '../staged.ts';
import { BadArchive } from '../archive/tar-header.ts';
import { besideOf, findTbot } from './layers.ts';
import { type Manifest, manifestTypes, parseManifest } from './manifest.ts';
import { otherDigest } from './other-digest.ts';
import { type ImageReference, nameOf } from './reference.ts';
import { openRegistry, type Registry } from './registry.ts';

export interface Pull {
  readonly image: ImageReference;
  /** SHA-256 digests of which one must be the index's or the platform manifest's. */
  readonly pins: readonly string[] | undefined;
  /** Where tbot is staged, and nothing else stays. */
  readonly directory: string;
  readonly network: Pick<HttpClient, 'get'>;
  readonly signal: AbortSignal;
  readonly info: (line: string) => void;
  readonly retryPolicy: RetryPolicy;
  readonly timeouts?: Partial<Timeouts>;
}

/** Real manifests have less than 10 KB. */
const longestManifest = 4 * 2 ** 20;

/**
 * Fetches tbot alone out of its image; all that comes is held against its digest. Throws a
 * NetworkError, a StatusError, a BadArchive, a Problem `checksum` or `platform`, or the reason of the
 * signal.
 */
export async function pull(order: Pull): Promise<Staged> {
  const { retryPolicy, signal, info } = order;
  return retry(
    retryPolicy,
    signal,
    async () => {
      const path = stagingPath(order.directory, 'tbot');
      return removeOnFailure([path, besideOf(path)], () => attempt(order, path));
    },
    (error, wait) => info(`${error.message}; trying again in ${Math.ceil(wait / 1000)} s.`),
  );
}

async function attempt(order: Pull, path: string): Promise<Staged> {
  const { image, network, signal, timeouts } = order;
  const registry = openRegistry(image, { network, signal, ...(timeouts && { timeouts }) });
  const top = await manifestOf(registry, image.tag);
  const chosen = await forPlatform(top, registry, image);
  checkPins(order, [top.digest, chosen.digest]);
  if (chosen.manifest.kind !== 'image') throw new BadArchive('its index leads to another index');
  const digest = await findTbot(chosen.manifest.layers, { registry, path, info: order.info });
  return { path, digest };
}

interface Found {
  readonly manifest: Manifest;
  /** Lower-case hex. */
  readonly digest: string;
}

async function manifestOf(registry: Registry, reference: string): Promise<Found> {
  const reply = await registry.get(`manifests/${reference}`, manifestTypes);
  if (/^text\/html/i.test(reply.headers['content-type'] ?? '')) {
    reply.discard();
    throw new BadArchive('a web page is answered in its place');
  }
  const text = await reply.text(longestManifest);
  const digest = createHash('sha256').update(text).digest('hex');
  if (reference.startsWith('sha256:') && reference !== `sha256:${digest}`)
    throw otherDigest(`The manifest ${reference}`, digest, [reference.slice('sha256:'.length)]);
  return { manifest: parseManifest(text), digest };
}

async function forPlatform(top: Found, registry: Registry, image: ImageReference): Promise<Found> {
  if (top.manifest.kind === 'image') return top;
  const { os, architecture } = image.platform;
  const wanted = top.manifest.manifests.find(
    (entry) => entry.os === os && entry.architecture === architecture,
  );
  if (wanted) return manifestOf(registry, wanted.digest);
  throw new Problem({
    code: 'platform',
    what: `${nameOf(image)} has no image for ${os} on ${architecture}.`,
    fix: 'Write `install-from: archive`, or install tbot on the runner and give it as `tbot-path`.',
  });
}

function checkPins({ image, pins }: Pull, digests: readonly string[]): void {
  if (pins === undefined || digests.some((digest) => pins.includes(digest))) return;
  const [index = ''] = digests;
  throw otherDigest(
    nameOf(image),
    index,
    pins,
    'Find out which is right before you change `checksum`.',
  );
}
