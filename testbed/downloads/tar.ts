/**
 * Writes POSIX ustar archives, also invalid ones with any name or type and a wrong size or checksum.
 * For the format see "ustar Interchange Format" in POSIX pax.
 */

/** A member. A regular file needs only `name` and `content`. */
export interface TarMember {
  readonly name: string;
  readonly content?: Uint8Array | string;
  /** `0` file, `1` hard link, `2` symbolic link, `5` folder, `x` pax, `L` GNU long name, ... */
  readonly type?: string;
  /** Permission bits. Default: 0755. */
  readonly mode?: number;
  readonly linkName?: string;
  /** The size in the header. Default: the length of the content. */
  readonly size?: number;
  /** The checksum in the header. Default: the correct one. */
  readonly checksum?: number;
  /** Bytes that overwrite the finished header at an offset. */
  readonly patch?: { readonly offset: number; readonly bytes: Uint8Array };
  /** Seconds since 1970. */
  readonly modified?: number;
}

const block = 512;

/** Returns the archive; `end: false` omits the two empty blocks at its end. */
export function tar(members: readonly TarMember[], options: { end?: boolean } = {}): Buffer {
  const end = options.end === false ? [] : [Buffer.alloc(2 * block)];
  return Buffer.concat([...members.flatMap((member) => tarMember(member)), ...end]);
}

/** Returns a pax header with fields of the next member, such as `path`, `size` and `linkpath`. */
export function paxHeader(fields: Readonly<Record<string, string>>): TarMember {
  const content = Object.entries(fields).map(([key, value]) => paxRecord(`${key}=${value}\n`));
  return { name: 'PaxHeaders/next', type: 'x', content: content.join('') };
}

/** Formats `<length> key=value`. The length includes its own digits. */
function paxRecord(text: string): string {
  const size = Buffer.byteLength(text);
  let length = size + 2;
  while (`${length} `.length + size !== length) length += 1;
  return `${length} ${text}`;
}

function tarMember(member: TarMember): Buffer[] {
  const content = Buffer.from(member.content ?? '');
  const padding = Buffer.alloc((block - (content.length % block)) % block);
  return [tarHeader(member, content.length), content, padding];
}

function tarHeader(member: TarMember, length: number): Buffer {
  const header = Buffer.alloc(block);
  const { name, prefix } = splitName(member.name);
  header.write(name, 0, 100);
  octal(header, 100, 8, member.mode ?? 0o755);
  octal(header, 108, 8, 0);
  octal(header, 116, 8, 0);
  octal(header, 124, 12, member.size ?? length);
  octal(header, 136, 12, member.modified ?? 1_700_000_000);
  header.fill(' ', 148, 156);
  header.write(member.type ?? '0', 156, 1);
  header.write(member.linkName ?? '', 157, 100);
  header.write('ustar\u000000', 257, 8);
  header.write(prefix, 345, 155);
  const sum = header.reduce((total, byte) => total + byte, 0);
  header.write(`${(member.checksum ?? sum).toString(8).padStart(6, '0')}\0 `, 148, 8);
  if (member.patch !== undefined) header.set(member.patch.bytes, member.patch.offset);
  return header;
}

/** Splits names of more than 100 bytes at a slash into prefix and name. Truncates longer ones. */
function splitName(full: string): { readonly name: string; readonly prefix: string } {
  if (Buffer.byteLength(full) <= 100) return { name: full, prefix: '' };
  const cut = full.indexOf('/', full.length - 101);
  if (cut <= 0) return { name: full, prefix: '' };
  return { name: full.slice(cut + 1), prefix: full.slice(0, cut) };
}

function octal(header: Buffer, offset: number, width: number, value: number): void {
  header.write(`${value.toString(8).padStart(width - 1, '0')}\0`, offset, width);
}
