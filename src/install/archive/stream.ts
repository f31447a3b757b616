import { createHash } from 'node:crypto';
import { PassThrough, type Transform } from 'node:stream';
// By its namespace: Node 20 has no zstd, and a missing name would fail while loading.
import * as zlib from 'node:zlib';

import { Problem } from '../../problem.ts';
import { BadArchive } from './tar-header.ts';
import { unpack, type Unpacked } from './unpack.ts';

/** Larger than any release archive (150 to 250 MB). */
const largestArchive = 2 ** 30;

/** How a tar archive is compressed. */
export type Compression = 'gzip' | 'zstd' | 'none';

export interface Streamed {
  /** SHA-256 of the whole archive, lower-case hex. */
  readonly digest: string;
  /** The wanted members, or why they did not come out; the digest says more when it is wrong too. */
  readonly outcome: Unpacked | BadArchive;
}

export interface StreamOptions {
  readonly compression: Compression;
  readonly kind: 'release' | 'layer';
  /** Bytes; more is a BadArchive. */
  readonly most?: number;
}

/**
 * Hashes and unpacks a compressed tar archive in one pass. Unpacking stops when the wanted members
 * are out, hashing goes on to the end. Throws what the source throws, and what the file system says.
 */
export async function streamArchive(
  source: AsyncIterable<Uint8Array>,
  wanted: ReadonlyMap<string, string>,
  { compression, kind, most = largestArchive }: StreamOptions,
): Promise<Streamed> {
  const hash = createHash('sha256');
  const opener = decompressor(compression);
  const whole = decompressed(opener, compression);
  const unpacked = settle(unpack(whole, wanted, kind).finally(() => opener.destroy()));
  let length = 0;
  try {
    for await (const chunk of inPieces(source, () => opener.destroyed)) {
      length += chunk.length;
      if (length > most) throw new BadArchive('it is far larger than a release');
      const taken = feed(opener, chunk);
      hash.update(chunk);
      await taken;
    }
    if (!opener.destroyed) opener.end();
  } catch (error) {
    opener.destroy();
    await unpacked;
    throw error;
  }
  const outcome = await unpacked;
  if (outcome instanceof Error && !(outcome instanceof BadArchive)) throw outcome;
  return { digest: hash.digest('hex'), outcome };
}

/** Bytes: each piece is one job for a thread, and a network gives 16 KiB at a time. */
const pieceSize = 64 * 1024;

/** Puts chunks together until nobody decompresses any more. */
async function* inPieces(
  source: AsyncIterable<Uint8Array>,
  done: () => boolean,
): AsyncGenerator<Uint8Array, void, void> {
  let chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of source) {
    chunks.push(chunk);
    length += chunk.length;
    if (length < pieceSize && !done()) continue;
    yield chunks.length === 1 ? chunk : Buffer.concat(chunks);
    chunks = [];
    length = 0;
  }
  if (length > 0) yield Buffer.concat(chunks);
}

function decompressor(compression: Compression): Transform {
  // Room on both sides, so that decompressing does not wait for whoever reads or writes.
  const options = { chunkSize: 128 * 1024, highWaterMark: 128 * 1024 };
  if (compression === 'gzip') return zlib.createGunzip(options);
  if (compression === 'none') return new PassThrough();
  if (typeof zlib.createZstdDecompress === 'function') return zlib.createZstdDecompress(options);
  throw new Problem({
    code: 'platform',
    what: `The image is compressed by zstd, which Node ${process.version} cannot read.`,
    fix: 'Use a runner that brings Node 24, or write `install-from: archive`.',
  });
}

/** The error of a promise as a value: it must be looked at later, and not be lost till then. */
async function settle<T>(work: Promise<T>): Promise<T | Error> {
  try {
    return await work;
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error));
  }
}

/** Waits while the other side is busy; one that wants no more is done. */
async function feed(opener: Transform, chunk: Uint8Array): Promise<void> {
  if (opener.destroyed || opener.write(chunk)) return;
  await new Promise<void>((resolve) => {
    const go = (): void => {
      opener.off('drain', go).off('close', go);
      resolve();
    };
    opener.on('drain', go).on('close', go);
  });
}

/** What comes out; that it does not decompress is said as a BadArchive. */
async function* decompressed(
  opener: Transform,
  compression: Compression,
): AsyncGenerator<Uint8Array, void, void> {
  opener.on('error', () => undefined);
  try {
    for await (const chunk of opener) if (chunk instanceof Uint8Array) yield chunk;
  } catch (cause) {
    throw new BadArchive(`it is not a whole ${compression} archive`, { cause });
  }
}
