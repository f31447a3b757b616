import { BadArchive, decode } from './archive.ts';
import { blockSize, type Extension, parseHeader, parsePax, type TarHeader } from './tar-header.ts';

export interface TarMember {
  /** Without empty and `.` parts, so without a leading or final `/`. Never use it as a path. */
  readonly name: string;
  readonly kind:
    'file' | 'directory' | 'link' | 'device' | 'sparse file' | 'file of an unknown kind';
  readonly size: number;
  /** Must be read before the next member is requested; unread content is skipped. */
  readonly content: AsyncIterable<Uint8Array>;
}

/** Limits on memory and time, far above a release of Teleport (561 MB, a few hundred members). */
const mostBytes = 4 * 2 ** 30;
const mostMembers = 20_000;

const longestExtension = 2 ** 20;

/**
 * Reads a tar archive member by member. Names are not checked, because callers only compare them and
 * write to their own paths. Throws a BadArchive if a header is corrupt, the end is missing or a limit
 * is exceeded.
 */
export async function* readTar(
  source: AsyncIterable<Uint8Array>,
): AsyncGenerator<TarMember, void, void> {
  const reader = new ByteReader(source, mostBytes);
  for (let count = 1; ; count += 1) {
    if (count > mostMembers) throw new BadArchive(`it has more than ${mostMembers} members`);
    const header = await nextHeader(reader);
    if (!header) return;
    const { size } = header;
    const kind = kindOf(header);
    const parts = header.name.split('/').filter((part) => part !== '' && part !== '.');
    let left = size;
    const content = counted(reader.stream(size), (length) => (left -= length));
    yield { name: parts.join('/'), kind, size, content };
    await reader.skip(left + padding(size));
  }
}

async function* counted(
  parts: AsyncIterable<Uint8Array>,
  count: (length: number) => void,
): AsyncGenerator<Uint8Array, void, void> {
  for await (const part of parts) {
    count(part.length);
    yield part;
  }
}

/** Returns the header of the next member with the extended headers before it applied. */
async function nextHeader(reader: ByteReader): Promise<TarHeader | undefined> {
  let extension: Extension = {};
  for (;;) {
    const block = await reader.read(blockSize);
    if (!block) throw truncated();
    const header = parseHeader(block);
    if (!header) return undefined;
    const next = await extensionOf(header, reader);
    if (!next) return { ...header, ...extension };
    extension = { ...extension, ...next };
  }
}

async function extensionOf(header: TarHeader, reader: ByteReader): Promise<Extension | undefined> {
  if (!['x', 'g', 'L', 'K'].includes(header.type)) return undefined;
  if (header.size > longestExtension) throw new BadArchive('an extended header is too long');
  const content = header.size > 0 ? await reader.read(header.size) : new Uint8Array(0);
  if (!content) throw truncated();
  await reader.skip(padding(header.size));
  switch (header.type) {
    case 'L':
      return { name: decode(content).replace(/\0.*$/s, '') };
    case 'K':
      return {};
    default:
      return parsePax(content, header.type === 'x' ? 'next' : 'global');
  }
}

function padding(size: number): number {
  return (blockSize - (size % blockSize)) % blockSize;
}

function kindOf({ type, name, size, sparse }: TarHeader): TarMember['kind'] {
  // Whether content follows such a header is ambiguous, so the rest could not be read.
  if (size !== 0 && '123456'.includes(type))
    throw new BadArchive('a member without content has a size');
  if (type === '5' || (type === '0' && name.endsWith('/'))) return 'directory';
  if (type === '1' || type === '2') return 'link';
  if ('346'.includes(type)) return 'device';
  if (sparse) return 'sparse file';
  return type === '0' || type === '7' ? 'file' : 'file of an unknown kind';
}

/** Reads a stream of chunks in pieces of given lengths. */
class ByteReader {
  readonly #source: AsyncIterator<Uint8Array>;
  #rest: Uint8Array = new Uint8Array(0);
  #left: number;

  /** Reading more than `limit` bytes throws a BadArchive. */
  constructor(source: AsyncIterable<Uint8Array>, limit: number) {
    this.#source = source[Symbol.asyncIterator]();
    this.#left = limit;
  }

  /** Returns exactly `length` bytes, or undefined at the end of the stream. */
  async read(length: number): Promise<Uint8Array | undefined> {
    const parts: Uint8Array[] = [];
    let missing = length;
    while (missing > 0) {
      const part = await this.#next(missing);
      if (part === undefined && parts.length === 0) return undefined;
      if (part === undefined) throw truncated();
      parts.push(part);
      missing -= part.length;
    }
    const [only] = parts;
    return parts.length === 1 && only ? only : Buffer.concat(parts);
  }

  /** Yields exactly `length` bytes without copying them. */
  async *stream(length: number): AsyncGenerator<Uint8Array, void, void> {
    for (let missing = length; missing > 0;) {
      const part = await this.#next(missing);
      if (part === undefined) throw truncated();
      missing -= part.length;
      yield part;
    }
  }

  async skip(length: number): Promise<void> {
    for await (const part of this.stream(length)) void part;
  }

  /** Returns 1 to `most` bytes, or undefined at the end of the stream. */
  async #next(most: number): Promise<Uint8Array | undefined> {
    while (this.#rest.length === 0) {
      const next = await this.#source.next();
      if (next.done) return undefined;
      this.#rest = next.value;
    }
    const part = this.#rest.subarray(0, most);
    this.#rest = this.#rest.subarray(part.length);
    this.#left -= part.length;
    if (this.#left < 0) throw new BadArchive('its unpacked size exceeds 4 GiB');
    return part;
  }
}

function truncated(): BadArchive {
  return new BadArchive('it is truncated');
}
