import { createReadStream } from 'node:fs';
import { type FileHandle, open, rm } from 'node:fs/promises';
import { pipeline } from 'node:stream';
import { createInflateRaw } from 'node:zlib';

import { bytesAt } from '../../files/files.ts';
import {
  BadArchive,
  decode,
  type Extracted,
  type Extraction,
  largestArchive,
  largestProgram,
  writeHashed,
} from './archive.ts';

/**
 * Saves a zip archive in `file`, because its directory is at its end, and writes its requested members
 * (name in the archive -> new file of mode 0700) unless `check` throws for its SHA-256 digest. Removes
 * `file`. Throws the errors of `check`, of the source and of the file system.
 */
export async function extractZip(
  source: AsyncIterable<Uint8Array>,
  requested: ReadonlyMap<string, string>,
  file: string,
  check: (digest: string) => void,
): Promise<Extraction> {
  try {
    const digest = await writeHashed(file, limited(source));
    check(digest);
    return { digest, outcome: await extract(file, requested) };
  } finally {
    await rm(file, { force: true });
  }
}

async function* limited(source: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array, void, void> {
  let length = 0;
  for await (const chunk of source) {
    length += chunk.length;
    if (length > largestArchive) throw new BadArchive('it is larger than 1 GiB');
    yield chunk;
  }
}

async function extract(
  file: string,
  requested: ReadonlyMap<string, string>,
): Promise<Extracted | BadArchive> {
  await using handle = await open(file, 'r');
  try {
    const { records, start } = await readDirectory(handle);
    const digests = new Map<string, string>();
    for (const [name, target] of requested) {
      const [record, second] = records.filter((candidate) => candidate.name === name);
      if (!record) return new BadArchive(`it does not contain \`${name}\``);
      if (second) return new BadArchive(`it contains \`${name}\` twice`);
      const entry = parseEntry(record, start);
      digests.set(name, await writeHashed(target, contentOf(file, handle, entry)));
    }
    return { digests, hidesLower: false };
  } catch (error) {
    if (error instanceof BadArchive) return error;
    throw error;
  }
}

interface DirectoryRecord {
  readonly name: string;
  readonly bytes: Buffer;
}

const endRecordSize = 22;
/** The end record and the longest comment after it. */
const tailSize = endRecordSize + 65_535;
const mostEntries = 1000;

/** Reads the central directory (APPNOTE.TXT, 4.3.12) without zip64: a release is far smaller. */
async function readDirectory(
  handle: FileHandle,
): Promise<{ readonly records: readonly DirectoryRecord[]; readonly start: number }> {
  const { size } = await handle.stat();
  const tail = await bytesAt(handle, Math.max(0, size - tailSize), tailSize);
  const at = tail.lastIndexOf(Buffer.from('PK\u0005\u0006'));
  if (at < 0 || at + endRecordSize > tail.length)
    throw new BadArchive('it is not a complete zip file');
  const count = tail.readUInt16LE(at + 10);
  const length = tail.readUInt32LE(at + 12);
  const start = tail.readUInt32LE(at + 16);
  const end = size - tail.length + at;
  if (tail.readUInt16LE(at + 8) !== count || tail.readUInt32LE(at + 4) !== 0)
    throw new BadArchive('it is part of a multi-part archive');
  if (count > mostEntries || start + length > end) throw corruptDirectory();
  return { records: recordsOf(await bytesAt(handle, start, length), count), start };
}

function recordsOf(directory: Buffer, count: number): readonly DirectoryRecord[] {
  const records: DirectoryRecord[] = [];
  let at = 0;
  for (let index = 0; index < count; index += 1) {
    if (at + 46 > directory.length || directory.readUInt32LE(at) !== 0x02014b50)
      throw corruptDirectory();
    const nameEnd = at + 46 + directory.readUInt16LE(at + 28);
    const name = decode(directory.subarray(at + 46, nameEnd));
    records.push({ name, bytes: directory.subarray(at) });
    at = nameEnd + directory.readUInt16LE(at + 30) + directory.readUInt16LE(at + 32);
  }
  return records;
}

function corruptDirectory(): BadArchive {
  return new BadArchive('its central directory is corrupt');
}

interface ZipEntry {
  readonly name: string;
  readonly method: 'stored' | 'deflated';
  /** Bytes in the archive. */
  readonly packed: number;
  /** Bytes when unpacked. */
  readonly size: number;
  /** Offset of the local header. */
  readonly offset: number;
}

function parseEntry({ name, bytes }: DirectoryRecord, directoryStart: number): ZipEntry {
  if ((bytes.readUInt16LE(8) & 0x2041) !== 0) throw new BadArchive('it is encrypted');
  const fileType = (bytes.readUInt32LE(38) >>> 28) & 0xf;
  if (fileType !== 0 && fileType !== 8) throw new BadArchive(`\`${name}\` is not a regular file`);
  const packed = bytes.readUInt32LE(20);
  const size = bytes.readUInt32LE(24);
  const offset = bytes.readUInt32LE(42);
  if (offset + packed > directoryStart) throw new BadArchive('a member lies outside the archive');
  if (size > largestProgram) throw new BadArchive(`\`${name}\` is larger than 1 GiB`);
  return { name, method: methodOf(bytes.readUInt16LE(10)), packed, size, offset };
}

function methodOf(method: number): ZipEntry['method'] {
  if (method === 0) return 'stored';
  if (method === 8) return 'deflated';
  throw new BadArchive('it uses an unsupported compression method');
}

async function* contentOf(
  file: string,
  handle: FileHandle,
  entry: ZipEntry,
): AsyncGenerator<Uint8Array, void, void> {
  const start = entry.offset + (await localHeaderSize(handle, entry));
  let left = entry.size;
  for await (const chunk of inflated(file, entry, start)) {
    left -= chunk.length;
    if (left < 0) break;
    yield chunk;
  }
  if (left !== 0) throw new BadArchive(`the size of \`${entry.name}\` does not match its header`);
}

/** Returns the length of a local header. Throws a BadArchive if it has another name. */
async function localHeaderSize(handle: FileHandle, entry: ZipEntry): Promise<number> {
  const head = await bytesAt(handle, entry.offset, 30 + 65_535);
  if (head.length < 30 || head.readUInt32LE(0) !== 0x04034b50)
    throw new BadArchive('a header is corrupt');
  const nameEnd = 30 + head.readUInt16LE(26);
  if (decode(head.subarray(30, nameEnd)) !== entry.name)
    throw new BadArchive(`the headers of \`${entry.name}\` contradict each other`);
  return nameEnd + head.readUInt16LE(28);
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
    throw new BadArchive('a member cannot be decompressed', { cause });
  } finally {
    raw.destroy();
  }
}
