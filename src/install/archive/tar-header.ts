/** An archive that can't be what it should be; the message is a clause about it. */
export class BadArchive extends Error {
  override readonly name = 'BadArchive';
}

export const blockSize = 512;

/** One header block, as it stands there. */
export interface TarHeader {
  readonly name: string;
  readonly type: string;
  readonly size: number;
  readonly linkName: string;
}

/**
 * Reads a header block ("ustar Interchange Format", POSIX pax; GNU's numbers in base 256); undefined
 * for a block of zeros, which ends an archive. Throws a BadArchive.
 */
export function parseHeader(block: Uint8Array): TarHeader | undefined {
  if (block.every((byte) => byte === 0)) return undefined;
  if (numberAt(block, 148, 8) !== checksumOf(block)) throw new BadArchive('a header is damaged');
  const prefix = isUstar(block) ? textAt(block, 345, 155) : '';
  const name = textAt(block, 0, 100);
  return {
    name: prefix === '' ? name : `${prefix}/${name}`,
    type: decode(block.subarray(156, 157)).replace('\0', '0'),
    size: numberAt(block, 124, 12),
    linkName: textAt(block, 157, 100),
  };
}

/** GNU tar puts other things where POSIX has the prefix, and marks that by two spaces. */
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

/** UTF-8; what is not UTF-8 becomes U+FFFD, and matches no name that is wanted. */
export function decode(bytes: Uint8Array): string {
  return new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes);
}

function numberAt(block: Uint8Array, offset: number, length: number): number {
  const field = block.subarray(offset, offset + length);
  const [first = 0, ...others] = field;
  if (first >= 0x80) return base256([first & 0x7f, ...others]);
  const digits = decode(field).replaceAll('\0', ' ').trim();
  if (!/^[0-7]*$/.test(digits)) throw new BadArchive('a number in a header is none');
  return Number.parseInt(`0${digits}`, 8);
}

function base256(digits: readonly number[]): number {
  const value = digits.reduce((sum, digit) => sum * 256 + digit, 0);
  if (value > Number.MAX_SAFE_INTEGER) throw new BadArchive('a size in a header is absurd');
  return value;
}
