import { Bytes } from './bytes.ts';
import { type Extension, extended, parsePax } from './pax.ts';
import { BadArchive, blockSize, decode, parseHeader, type TarHeader } from './tar-header.ts';

/** One member of an archive. Nothing in here says where it may be written: the reader decides. */
export interface TarMember {
  /** Relative, with `/`, without `.` and `..`; a folder without its final `/`. */
  readonly name: string;
  readonly kind: 'file' | 'directory' | 'link' | 'device';
  readonly size: number;
  /** To be read before the next member is asked for; what is left is skipped. */
  readonly content: AsyncIterable<Uint8Array>;
}

/** What is to be refused at sight. */
export interface TarRules {
  readonly bytes: number;
  readonly members: number;
  /** A layer of an image is part of a whole system: links to anywhere and devices belong there. */
  readonly layer?: boolean;
}

/** Far above any release of Teleport (561 MB, some hundred members). */
export const tarLimits = { bytes: 4 * 2 ** 30, members: 20_000, extension: 2 ** 20 } as const;

/**
 * Reads a tar archive member by member, and trusts nothing in it: names that lead outside, devices,
 * links that lead outside, sparse files, damaged or contradictory headers, a missing end and
 * absurd sizes are a BadArchive.
 */
export async function* readTar(
  source: AsyncIterable<Uint8Array>,
  limits: TarRules = tarLimits,
): AsyncGenerator<TarMember, void, void> {
  const bytes = new Bytes(source, limits.bytes);
  for (let count = 1; ; count += 1) {
    if (count > limits.members) throw new BadArchive('it has far too many members');
    const header = await nextHeader(bytes);
    if (!header) return;
    const kind = kindOf(header, limits.layer ?? false);
    const name = safeName(header.name);
    if (kind === 'link' && !limits.layer) checkLink(name, header);
    let left = header.size;
    const content = counted(bytes.run(header.size), (length) => (left -= length));
    yield { name, kind, size: header.size, content };
    await bytes.skip(left + padding(header.size));
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

/** The header of the next member, with the extensions that stand before it. */
async function nextHeader(bytes: Bytes): Promise<TarHeader | undefined> {
  let extension: Extension | undefined;
  for (;;) {
    const block = await bytes.piece(blockSize);
    if (!block) throw new BadArchive('it ends too early');
    const header = parseHeader(block);
    if (!header && extension) throw new BadArchive('its last header is about nothing');
    if (!header) return undefined;
    const more = await extensionOf(header, bytes);
    if (!more) return extended(header, extension ?? {});
    if (Object.keys(more).some((key) => extension && key in extension))
      throw new BadArchive('two headers contradict each other');
    extension = header.type === 'g' ? extension : { ...extension, ...more };
  }
}

async function extensionOf(header: TarHeader, bytes: Bytes): Promise<Extension | undefined> {
  if (!['x', 'g', 'L', 'K'].includes(header.type)) return undefined;
  if (header.size > tarLimits.extension)
    throw new BadArchive('an extended header is absurdly long');
  const content = header.size > 0 ? await bytes.piece(header.size) : new Uint8Array(0);
  if (!content) throw new BadArchive('it ends too early');
  await bytes.skip(padding(header.size));
  const line = decode(content).replace(/\0.*$/s, '');
  switch (header.type) {
    case 'L':
      return { path: line };
    case 'K':
      return { linkName: line };
    default:
      return parsePax(content, header.type === 'x' ? 'next' : 'global');
  }
}

function padding(size: number): number {
  return (blockSize - (size % blockSize)) % blockSize;
}

function kindOf({ type, name, size }: TarHeader, layer: boolean): TarMember['kind'] {
  if (type === '0' || type === '7') {
    if (!name.endsWith('/')) return 'file';
    if (size === 0) return 'directory';
  }
  if (size !== 0 && '123456'.includes(type))
    throw new BadArchive('a member that has no content has a size');
  if (type === '5') return 'directory';
  if (type === '1' || type === '2') return 'link';
  if ('346'.includes(type) && layer) return 'device';
  if ('346'.includes(type)) throw new BadArchive('it holds a device');
  if (type === 'S') throw new BadArchive('it holds a sparse file');
  throw new BadArchive('it holds a member of an unknown kind');
}

/** Throws for a name that leads out of the folder in which an archive is unpacked. */
function safeName(name: string): string {
  const parts = name.split(/[/\\]/);
  if (/^([/\\]|[a-z]:)/i.test(name) || parts.includes('..') || name.includes('\0'))
    throw new BadArchive('the name of a member leads outside');
  return parts.filter((part) => part !== '' && part !== '.').join('/');
}

/** A symbolic link counts from its own folder, a hard link from the top. */
function checkLink(name: string, { type, linkName }: TarHeader): void {
  let depth = type === '2' ? name.split('/').length - 1 : 0;
  const outside = linkName.split(/[/\\]/).some((part) => {
    if (part === '..') depth -= 1;
    else if (part !== '' && part !== '.') depth += 1;
    return depth < 0;
  });
  if (outside || /^([/\\]|[a-z]:)/i.test(linkName))
    throw new BadArchive('it holds a link that leads outside');
}
