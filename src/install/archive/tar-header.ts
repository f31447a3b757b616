import { BadArchive, decode } from './archive.ts';

export const blockSize = 512;

/** A tar header: one block, with the values of the extended headers before it. */
export interface TarHeader {
  readonly name: string;
  readonly type: string;
  readonly size: number;
  /** Whether the member is a sparse file, by its type or by a pax header. */
  readonly sparse: boolean;
}

/** The values of an extended header, which replace those of the next header. */
export type Extension = Partial<Pick<TarHeader, 'name' | 'size' | 'sparse'>>;

/**
 * Parses a header block ("ustar Interchange Format", POSIX pax; GNU's base-256 numbers). Returns
 * undefined for a block of zeros, which ends an archive. Throws a BadArchive.
 */
export function parseHeader(block: Uint8Array): TarHeader | undefined {
  if (block.every((byte) => byte === 0)) return undefined;
  if (numberAt(block, 148, 8) !== checksumOf(block)) throw new BadArchive('a header is corrupt');
  const prefix = isUstar(block) ? textAt(block, 345, 155) : '';
  const name = textAt(block, 0, 100);
  const type = decode(block.subarray(156, 157)).replace('\0', '0');
  return {
    name: prefix === '' ? name : `${prefix}/${name}`,
    type,
    size: numberAt(block, 124, 12),
    sparse: type === 'S',
  };
}

/** GNU tar uses the bytes of POSIX's prefix for other values, and marks that with two spaces. */
function isUstar(block: Uint8Array): boolean {
  return textAt(block, 257, 6) === 'ustar' && textAt(block, 263, 2) === '00';
}

function checksumOf(block: Uint8Array): number {
  let sum = 8 * 0x20;
  for (const [index, byte] of block.entries()) if (index < 148 || index >= 156) sum += byte;
  return sum;
}

function textAt(block: Uint8Array, offset: number, length: number): string {
  const field = block.subarray(offset, offset + length);
  const end = field.indexOf(0);
  return decode(end < 0 ? field : field.subarray(0, end));
}

function numberAt(block: Uint8Array, offset: number, length: number): number {
  const field = block.subarray(offset, offset + length);
  const [first = 0, ...others] = field;
  if (first >= 0x80) return base256([first & 0x7f, ...others]);
  const digits = decode(field).replaceAll('\0', ' ').trim();
  if (!/^[0-7]*$/.test(digits)) throw new BadArchive('a header contains an invalid number');
  return Number.parseInt(`0${digits}`, 8);
}

function base256(digits: readonly number[]): number {
  const value = digits.reduce((sum, digit) => sum * 256 + digit, 0);
  if (value > Number.MAX_SAFE_INTEGER) throw new BadArchive('a size in a header is out of range');
  return value;
}

/**
 * Parses the records `<length> <key>=<value>` of a pax header ("pax Extended Header", POSIX pax).
 * Throws a BadArchive for a corrupt header, and for a global header with a name or size.
 */
export function parsePax(bytes: Uint8Array, scope: 'next' | 'global'): Extension {
  let extension: Extension = {};
  for (let offset = 0; offset < bytes.length;) {
    const space = bytes.indexOf(0x20, offset);
    const length = recordLength(decode(bytes.subarray(offset, Math.max(space, offset))));
    const end = offset + length;
    if (end > bytes.length || end <= space + 1 || bytes[end - 1] !== 0x0a) throw corrupt();
    const record = decode(bytes.subarray(space + 1, end - 1));
    const equals = record.indexOf('=');
    if (equals < 1) throw corrupt();
    extension = { ...extension, ...valueOf(record.slice(0, equals), record.slice(equals + 1)) };
    offset = end;
  }
  if (scope === 'global' && Object.keys(extension).length > 0)
    throw new BadArchive('a global header sets the name or size of members');
  return extension;
}

function recordLength(digits: string): number {
  if (!/^[1-9]\d{0,8}$/.test(digits)) throw corrupt();
  return Number(digits);
}

function valueOf(key: string, value: string): Extension {
  if (key.startsWith('GNU.sparse.')) return { sparse: true };
  if (key === 'path') return { name: value };
  if (key !== 'size') return {};
  const size = /^\d{1,16}$/.test(value) ? Number(value) : Number.NaN;
  if (!Number.isSafeInteger(size)) throw new BadArchive('a size in a header is out of range');
  return { size };
}

function corrupt(): BadArchive {
  return new BadArchive('an extended header is corrupt');
}
