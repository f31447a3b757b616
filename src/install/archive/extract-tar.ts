import { createHash } from 'node:crypto';
import { PassThrough, type Transform } from 'node:stream';
// A namespace import: Node 20 has no zstd, and a missing name would fail before its version is reported.
import * as zlib from 'node:zlib';

import {
  BadArchive,
  type Extracted,
  type Extraction,
  largestArchive,
  largestProgram,
  writeHashed,
} from './archive.ts';
import { readTar, type TarMember } from './tar.ts';

export type Compression = 'gzip' | 'zstd' | 'none';

export interface ExtractOptions {
  readonly compression: Compression;
  /**
   * For a layer of an image: whether a member hides the requested members of the layers below. A layer
   * may lack requested members; any other archive that does is a BadArchive.
   */
  readonly hidesLower?: (member: Pick<TarMember, 'name' | 'kind'>) => boolean;
  /** Bytes; a longer archive is a BadArchive. */
  readonly limit?: number;
}

/**
 * Hashes a compressed tar archive and writes its requested members (name in the archive -> new file of
 * mode 0700) in one pass. Unpacking stops after the last of them; hashing continues to the end.
 * Throws the errors of the source and of the file system.
 */
export async function extractTar(
  source: AsyncIterable<Uint8Array>,
  requested: ReadonlyMap<string, string>,
  options: ExtractOptions,
): Promise<Extraction> {
  const { compression, limit = largestArchive } = options;
  const hash = createHash('sha256');
  const decompressor = createDecompressor(compression);
  const members = readTar(decompressed(decompressor, compression));
  const extracted = settle(
    writeRequested(members, requested, options).finally(() => decompressor.destroy()),
  );
  let length = 0;
  try {
    for await (const chunk of inPieces(source, () => decompressor.destroyed)) {
      length += chunk.length;
      if (length > limit) throw new BadArchive('it is larger than expected');
      const fed = feed(decompressor, chunk);
      hash.update(chunk);
      await fed;
    }
    if (!decompressor.destroyed) decompressor.end();
  } catch (error) {
    decompressor.destroy();
    await extracted;
    throw error;
  }
  const outcome = await extracted;
  if (outcome instanceof Error && !(outcome instanceof BadArchive)) throw outcome;
  return { digest: hash.digest('hex'), outcome };
}

async function writeRequested(
  members: AsyncIterable<TarMember>,
  requested: ReadonlyMap<string, string>,
  { hidesLower }: ExtractOptions,
): Promise<Extracted> {
  const digests = new Map<string, string>();
  let hidden = false;
  for await (const member of members) {
    const file = requested.get(member.name);
    hidden ||= hidesLower?.(member) ?? false;
    if (file === undefined) continue;
    if (digests.has(member.name)) throw new BadArchive(`it contains \`${member.name}\` twice`);
    digests.set(member.name, await writeProgram(file, member));
    if (digests.size === requested.size) break;
  }
  const missing = [...requested.keys()].filter((name) => !digests.has(name));
  if (missing.length > 0 && hidesLower === undefined)
    throw new BadArchive(`it does not contain \`${missing.join('` or `')}\``);
  return { digests, hidesLower: hidden };
}

async function writeProgram(
  file: string,
  { name, kind, size, content }: TarMember,
): Promise<string> {
  if (kind !== 'file') throw new BadArchive(`\`${name}\` is a ${kind}`);
  if (size > largestProgram) throw new BadArchive(`\`${name}\` is larger than 1 GiB`);
  return writeHashed(file, content);
}

/** Bytes. Each piece is one job for zlib's thread, and a network chunk has only 16 KiB. */
const pieceSize = 256 * 1024;

/** Bytes of a decompressed chunk. Each is one round trip to zlib's thread, and one write to the file. */
const chunkSize = 1024 * 1024;

/** Joins chunks into larger pieces until the decompressor is done. */
async function* inPieces(
  source: AsyncIterable<Uint8Array>,
  isDone: () => boolean,
): AsyncGenerator<Uint8Array, void, void> {
  let chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of source) {
    chunks.push(chunk);
    length += chunk.length;
    if (length < pieceSize && !isDone()) continue;
    yield chunks.length === 1 ? chunk : Buffer.concat(chunks);
    chunks = [];
    length = 0;
  }
  if (length > 0) yield Buffer.concat(chunks);
}

function createDecompressor(compression: Compression): Transform {
  // Buffers on both sides, so that decompressing does not wait for the reader or the writer.
  const options = { chunkSize, highWaterMark: chunkSize };
  if (compression === 'gzip') return zlib.createGunzip(options);
  if (compression === 'none') return new PassThrough();
  return acrossFrames(zlib.createZstdDecompress(options));
}

/**
 * Makes a zstd decompressor read all frames. Node's stops within a chunk at the end of a frame, so the
 * rest of the chunk is passed to it again, and it ends its output there, which is ignored.
 */
function acrossFrames(decompressor: zlib.ZstdDecompress): Transform {
  const push = decompressor.push.bind(decompressor);
  const transform = decompressor._transform.bind(decompressor);
  let transforming = false;
  decompressor.push = (chunk: unknown) => (chunk === null && transforming) || push(chunk);
  decompressor._transform = (chunk: Uint8Array, encoding, callback) => {
    const before = decompressor.bytesWritten;
    transforming = true;
    transform(chunk, encoding, (error) => {
      transforming = false;
      const read = decompressor.bytesWritten - before;
      if (error || read === 0 || read === chunk.length) callback(error);
      else decompressor._transform(chunk.subarray(read), encoding, callback);
    });
  };
  return decompressor;
}

/** Turns a rejection into a value, because the promise is awaited only later. */
async function settle<T>(work: Promise<T>): Promise<T | Error> {
  try {
    return await work;
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error));
  }
}

/** Writes a chunk and waits until the decompressor takes more, or is destroyed. */
async function feed(decompressor: Transform, chunk: Uint8Array): Promise<void> {
  if (decompressor.destroyed || decompressor.write(chunk)) return;
  await new Promise<void>((resolve) => {
    const done = (): void => {
      decompressor.off('drain', done).off('close', done);
      resolve();
    };
    decompressor.on('drain', done).on('close', done);
  });
}

/** Yields what a decompressor returns; its errors become a BadArchive. */
async function* decompressed(
  decompressor: Transform,
  compression: Compression,
): AsyncGenerator<Uint8Array, void, void> {
  decompressor.on('error', () => undefined);
  try {
    for await (const chunk of decompressor) if (chunk instanceof Uint8Array) yield chunk;
  } catch (cause) {
    throw new BadArchive(`it is not a complete ${compression} file`, { cause });
  }
}
