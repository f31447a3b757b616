import { rm } from 'node:fs/promises';

import { withProgress } from '../progress.ts';
import { streamArchive } from '../archive/stream.ts';
import { BadArchive } from '../archive/tar-header.ts';
import type { Unpacked } from '../archive/unpack.ts';
import type { Layer } from './manifest.ts';
import { otherDigest } from './other-digest.ts';
import { tbotInImage } from './reference.ts';
import type { Registry } from './registry.ts';

interface Search {
  readonly registry: Registry;
  /** Where tbot is written. */
  readonly path: string;
  readonly info: (line: string) => void;
}

/**
 * Writes tbot from the topmost layer that holds it, and gives its SHA-256. The largest layer is the
 * likeliest place, so it is looked at first; of the others only those above it matter then.
 */
export async function findTbot(layers: readonly Layer[], search: Search): Promise<string> {
  const largest = layers.toSorted((one, other) => other.size - one.size)[0];
  const guess = largest && (await digestIn(largest, search));
  for (const layer of layers.toReversed()) {
    if (layer === largest && guess === 'hidden') break;
    if (layer === largest && guess !== undefined) return guess;
    if (layer === largest) continue;
    // Another one may already lie there, from further below.
    const beside = { ...search, path: besideOf(search.path) };
    const found = await digestIn(layer, guess === undefined ? search : beside);
    if (found === undefined) continue;
    await rm(beside.path, { force: true });
    if (found === 'hidden') break;
    if (guess === undefined) return found;
    // A second tbot above the first: it is fetched again, now that it is known which one counts.
    await rm(search.path, { force: true });
    return (await digestIn(layer, search)) ?? '';
  }
  throw new BadArchive(`there is no \`${tbotInImage}\` in it`);
}

/** Where a tbot of a layer above another one is written. */
export function besideOf(path: string): string {
  return `${path}.above`;
}

/** The digest of tbot in a layer, `hidden` where it takes away what is below, else undefined. */
async function digestIn(layer: Layer, search: Search): Promise<string | undefined> {
  const { digests, hides } = await unpackLayer(layer, search);
  return digests.get(tbotInImage) ?? (hides ? 'hidden' : undefined);
}

async function unpackLayer(layer: Layer, { registry, path, info }: Search): Promise<Unpacked> {
  const reply = await registry.get(`blobs/${layer.digest}`, '*/*');
  try {
    const body = withProgress(reply.body, layer.size, info);
    const { digest, outcome } = await streamArchive(body, new Map([[tbotInImage, path]]), {
      compression: layer.compression,
      kind: 'layer',
      most: layer.size,
    });
    if (layer.digest !== `sha256:${digest}`)
      throw otherDigest(`The layer ${layer.digest}`, digest, [layer.digest.slice(7)]);
    if (outcome instanceof BadArchive) throw outcome;
    return outcome;
  } finally {
    reply.discard();
  }
}
