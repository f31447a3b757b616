import { createHash } from 'node:crypto';
import { createGunzip, type Gunzip } from 'node:zlib';

import { BadArchive } from './tar-header.ts';
import { unpack } from './unpack.ts';

/** Larger than any release archive (150 to 250 MB). */
const largestArchive = 2 ** 30;

export interface Streamed {
  /** SHA-256 of the whole archive, lower-case hex. */
  readonly digest: string;
  /** Why the wanted members did not come out of it. The digest says more, when it is wrong too. */
  readonly flaw: BadArchive | undefined;
}

/**
 * Hashes and unpacks a gzipped tar archive in one pass. Unpacking stops when the wanted members are
 * out, hashing goes on to the end. Throws what the source throws, and what the file system says.
 */
export async function streamArchive(
  source: AsyncIterable<Uint8Array>,
  wanted: ReadonlyMap<string, string>,
): Promise<Streamed> {
  const hash = createHash('sha256');
  const gunzip = createGunzip({ chunkSize: 256 * 1024 });
  const unpacked = settle(unpack(decompressed(gunzip), wanted).finally(() => gunzip.destroy()));
  let length = 0;
  try {
    for await (const chunk of source) {
      length += chunk.length;
      if (length > largestArchive) throw new BadArchive('it is far larger than a release');
      hash.update(chunk);
      await feed(gunzip, chunk);
    }
    if (!gunzip.destroyed) gunzip.end();
  } catch (error) {
    gunzip.destroy();
    await unpacked;
    throw error;
  }
  const outcome = await unpacked;
  if (outcome !== undefined && !(outcome instanceof BadArchive)) throw outcome;
  return { digest: hash.digest('hex'), flaw: outcome };
}

/** The error of a promise, or undefined: it must be looked at later, and not be lost till then. */
async function settle(work: Promise<void>): Promise<unknown> {
  try {
    await work;
    return undefined;
  } catch (error) {
    return error;
  }
}

/** Waits while the other side is busy; one that wants no more is done. */
async function feed(gunzip: Gunzip, chunk: Uint8Array): Promise<void> {
  if (gunzip.destroyed || gunzip.write(chunk)) return;
  await new Promise<void>((resolve) => {
    const go = (): void => {
      gunzip.off('drain', go).off('close', go);
      resolve();
    };
    gunzip.on('drain', go).on('close', go);
  });
}

/** What comes out; that it does not decompress is said as a BadArchive. */
async function* decompressed(gunzip: Gunzip): AsyncGenerator<Uint8Array, void, void> {
  gunzip.on('error', () => undefined);
  try {
    for await (const chunk of gunzip) if (chunk instanceof Uint8Array) yield chunk;
  } catch (cause) {
    throw new BadArchive('it is not a whole gzip archive', { cause });
  }
}
