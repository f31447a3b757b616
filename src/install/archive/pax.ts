import { BadArchive, decode, type TarHeader } from './tar-header.ts';

/** What a header in front of a member says about it. */
export interface Extension {
  readonly path?: string;
  readonly linkName?: string;
  readonly size?: number;
}

/**
 * Reads the records `<length> <key>=<value>` of a pax header ("pax Extended Header", POSIX pax).
 * A global header may not name or size members here: no honest one does. Throws a BadArchive.
 */
export function parsePax(bytes: Uint8Array, reach: 'next' | 'global'): Extension {
  let extension: Extension = {};
  for (let offset = 0; offset < bytes.length;) {
    const space = bytes.indexOf(0x20, offset);
    const length = lengthOf(decode(bytes.subarray(offset, Math.max(space, offset))));
    const end = offset + length;
    if (end > bytes.length || end <= space + 1 || bytes[end - 1] !== 0x0a) throw broken();
    const record = decode(bytes.subarray(space + 1, end - 1));
    const equals = record.indexOf('=');
    if (equals < 1) throw broken();
    extension = { ...extension, ...recordOf(record.slice(0, equals), record.slice(equals + 1)) };
    offset = end;
  }
  if (reach === 'global' && Object.keys(extension).length > 0)
    throw new BadArchive('a global header names or sizes its members');
  return extension;
}

function lengthOf(digits: string): number {
  if (!/^[1-9]\d{0,8}$/.test(digits)) throw broken();
  return Number(digits);
}

function recordOf(key: string, value: string): Extension {
  if (key.startsWith('GNU.sparse.')) throw new BadArchive('it holds a sparse file');
  if (key === 'path') return { path: value };
  if (key === 'linkpath') return { linkName: value };
  if (key !== 'size') return {};
  const size = /^\d{1,16}$/.test(value) ? Number(value) : Number.NaN;
  if (!Number.isSafeInteger(size)) throw new BadArchive('a size in a header is absurd');
  return { size };
}

function broken(): BadArchive {
  return new BadArchive('an extended header is damaged');
}

/** A header with what was said about it in front. */
export function extended(header: TarHeader, extension: Extension): TarHeader {
  return {
    type: header.type,
    name: extension.path ?? header.name,
    size: extension.size ?? header.size,
    linkName: extension.linkName ?? header.linkName,
  };
}
