import { createReadStream } from 'node:fs';
import { type FileHandle, open, rm } from 'node:fs/promises';
import { pipeline } from 'node:stream';
import { createInflateRaw } from 'node:zlib';

import type { Streamed } from './stream.ts';
import { BadArchive } from './tar-header.ts';
import { largestProgram, type Unpacked, writeHashed } from './unpack.ts';
import { localHeaderSize, readDirectory, type ZipEntry } from './zip-directory.ts';

/** Larger than any release archive. */
const largestArchive = 2 ** 30;

/**
 * Hashes a zip archive while it is stored in `file`, and takes the wanted members (name -> file) out
 * of it when its digest is one of these: its table of contents stands at its end. `file` is removed.
 * Throws what the source throws, and what the file system says.
 */
export async function streamZip(
  source: AsyncIterable<Uint8Array>,
  wanted: ReadonlyMap<string, string>,
  file: string,
  digests: readonly string[],
): Promise<Streamed> {
  try {
    const digest = await writeHashed(file, limited(source));
    if (!digests.includes(digest))
      return { digest, outcome: new BadArchive('its digest is another one') };
    return { digest, outcome: await unzip(file, wanted) };
  } finally {
    await rm(file, { force: true });
  }
}

async function* limited(source: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array, void, void> {
  let length = 0;
  for await (const chunk of source) {
    length += chunk.length;
    if (length > largestArchive) throw new BadArchive('it is far larger than a release');
    yield chunk;
  }
}

async function unzip(
  file: string,
  wanted: ReadonlyMap<string, string>,
): Promise<Unpacked | BadArchive> {
  const handle = await open(file, 'r');
  try {
    const entries = await readDirectory(handle);
    const digests = new Map<string, string>();
    for (const [name, target] of wanted) {
      const [entry, second] = entries.filter((candidate) => candidate.name === name);
      if (!entry) return new BadArchive(`there is no \`${name}\` in it`);
      if (second) return new BadArchive(`it holds \`${name}\` twice`);
      digests.set(name, await writeHashed(target, contentOf(file, handle, entry)));
    }
    return { digests, hides: false };
  } catch (error) {
    if (error instanceof BadArchive) return error;
    throw error;
  } finally {
    await handle.close();
  }
}

async function* contentOf(
  file: string,
  handle: FileHandle,
  entry: ZipEntry,
): AsyncGenerator<Uint8Array, void, void> {
  if (entry.size > largestProgram)
    throw new BadArchive(`\`${entry.name}\` in it is absurdly large`);
  const start = entry.offset + (await localHeaderSize(handle, entry));
  let left = entry.size;
  for await (const chunk of inflated(file, entry, start)) {
    left -= chunk.length;
    if (left < 0) break;
    yield chunk;
  }
  if (left !== 0) throw new BadArchive(`\`${entry.name}\` in it has another size than it says`);
}

async function* inflated(
  file: string,
  { method, packed }: ZipEntry,
  start: number,
): AsyncGenerator<Uint8Array, void, void> {
  if (packed === 0) return;
  const raw = createReadStream(file, { start, end: start + packed - 1 });
  try {
    const inflate = createInflateRaw({ chunkSize: 256 * 1024 });
    const stream = method === 'stored' ? raw : pipeline(raw, inflate, () => undefined);
    for await (const chunk of stream) if (chunk instanceof Uint8Array) yield chunk;
  } catch (cause) {
    throw new BadArchive('a member does not decompress', { cause });
  } finally {
    raw.destroy();
  }
}
