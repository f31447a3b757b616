import type { FileHandle } from 'node:fs/promises';

import { BadArchive, decode } from './tar-header.ts';
import { bytesAt } from '../../files/files.ts';

/** One entry of the table of contents of a zip archive (APPNOTE.TXT, 4.3.12). */
export interface ZipEntry {
  readonly name: string;
  readonly method: 'stored' | 'deflated';
  /** Bytes in the archive, and unpacked. */
  readonly packed: number;
  readonly size: number;
  /** Where its local header stands. */
  readonly offset: number;
}

const endSize = 22;
const mostEntries = 1000;

/**
 * The entries of a zip archive, from its end. No zip64: a release is far smaller. Names that lead
 * outside, links, encryption and whatever contradicts itself are a BadArchive.
 */
export async function readDirectory(handle: FileHandle): Promise<readonly ZipEntry[]> {
  const { size } = await handle.stat();
  const logTail = await bytesAt(handle, Math.max(0, size - 65_557), 65_557);
  const at = logTail.lastIndexOf(Buffer.from('PK\u0005\u0006'));
  if (at < 0 || at + endSize > logTail.length)
    throw new BadArchive('it is not a whole zip archive');
  const count = logTail.readUInt16LE(at + 10);
  const length = logTail.readUInt32LE(at + 12);
  const start = logTail.readUInt32LE(at + 16);
  const end = size - logTail.length + at;
  if (logTail.readUInt16LE(at + 8) !== count || logTail.readUInt32LE(at + 4) !== 0)
    throw new BadArchive('it is one of several parts');
  if (count > mostEntries || start + length > end)
    throw new BadArchive('its table of contents is damaged');
  return entriesOf(await bytesAt(handle, start, length), count, start);
}

function entriesOf(table: Buffer, count: number, start: number): readonly ZipEntry[] {
  const entries: ZipEntry[] = [];
  let at = 0;
  for (let index = 0; index < count; index += 1) {
    if (at + 46 > table.length || table.readUInt32LE(at) !== 0x02014b50)
      throw new BadArchive('its table of contents is damaged');
    const nameEnd = at + 46 + table.readUInt16LE(at + 28);
    entries.push(entryAt(table.subarray(at), table.subarray(at + 46, nameEnd), start));
    at = nameEnd + table.readUInt16LE(at + 30) + table.readUInt16LE(at + 32);
  }
  return entries;
}

function entryAt(record: Buffer, nameBytes: Uint8Array, tableStart: number): ZipEntry {
  const name = decode(nameBytes);
  if (/^([/\\]|[a-z]:)/i.test(name) || name.includes('\0') || name.split(/[/\\]/).includes('..'))
    throw new BadArchive('the name of a member leads outside');
  if ((record.readUInt16LE(8) & 0x2041) !== 0) throw new BadArchive('it is encrypted');
  const fileType = (record.readUInt32LE(38) >>> 28) & 0xf;
  if (fileType !== 0 && fileType !== 8 && fileType !== 4)
    throw new BadArchive('it holds a link or a device');
  const offset = record.readUInt32LE(42);
  const packed = record.readUInt32LE(20);
  if (offset + packed > tableStart) throw new BadArchive('a member stands outside of it');
  return {
    name,
    method: methodOf(record.readUInt16LE(10)),
    packed,
    size: record.readUInt32LE(24),
    offset,
  };
}

function methodOf(method: number): ZipEntry['method'] {
  if (method === 0) return 'stored';
  if (method === 8) return 'deflated';
  throw new BadArchive('it is compressed in an unknown way');
}

/** The bytes before a member's content; throws a BadArchive when its header is about another. */
export async function localHeaderSize(handle: FileHandle, entry: ZipEntry): Promise<number> {
  const head = await bytesAt(handle, entry.offset, 30 + 65_535);
  if (head.length < 30 || head.readUInt32LE(0) !== 0x04034b50)
    throw new BadArchive('a header is damaged');
  const nameEnd = 30 + head.readUInt16LE(26);
  if (decode(head.subarray(30, nameEnd)) !== entry.name)
    throw new BadArchive('two headers contradict each other');
  return nameEnd + head.readUInt16LE(28);
}
