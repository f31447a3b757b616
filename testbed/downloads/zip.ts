import { crc32, deflateRawSync } from 'node:zlib';

/** A member of a zip archive. The defaults are valid (APPNOTE.TXT). */
export interface ZipMember {
  readonly name: string;
  readonly content: string;
  /** Default: deflated. */
  readonly method?: 'stored' | 'deflated';
  readonly methodNumber?: number;
  readonly flags?: number;
  /** External attributes. The upper half is the Unix mode. */
  readonly attributes?: number;
  /** The size in the central directory. Default: the length of the content. */
  readonly size?: number;
  readonly offset?: number;
  /** The name in the local header. Default: `name`. */
  readonly localName?: string;
  /** Changes bytes in the middle of the content. */
  readonly corrupt?: boolean;
}

interface ZipOptions {
  readonly comment?: string;
  readonly disks?: number;
  readonly count?: number;
}

/** Returns a zip archive, which may be invalid. */
export function zip(members: readonly ZipMember[], options: ZipOptions = {}): Buffer {
  const locals: Buffer[] = [];
  const table: Buffer[] = [];
  let offset = 0;
  for (const member of members) {
    const local = localOf(member);
    table.push(entryOf(member, local, offset));
    locals.push(local.bytes);
    offset += local.bytes.length;
  }
  const directory = Buffer.concat(table);
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt16LE(options.disks ?? 0, 4);
  end.writeUInt16LE(options.count ?? members.length, 8);
  end.writeUInt16LE(options.count ?? members.length, 10);
  end.writeUInt32LE(directory.length, 12);
  end.writeUInt32LE(offset, 16);
  const comment = Buffer.from(options.comment ?? '');
  end.writeUInt16LE(comment.length, 20);
  return Buffer.concat([...locals, directory, end, comment]);
}

interface Local {
  readonly bytes: Buffer;
  readonly packed: Buffer;
  readonly common: Buffer;
}

function localOf(member: ZipMember): Local {
  const content = Buffer.from(member.content);
  const stored = member.method === 'stored';
  const packed = stored ? content : deflateRawSync(content);
  if (member.corrupt) packed.fill(0xff, 2, packed.length - 2);
  const common = Buffer.alloc(26);
  common.writeUInt16LE(20, 0);
  common.writeUInt16LE(member.flags ?? 0, 2);
  common.writeUInt16LE(member.methodNumber ?? (stored ? 0 : 8), 4);
  common.writeUInt32LE(crc32(content), 10);
  common.writeUInt32LE(packed.length, 14);
  common.writeUInt32LE(member.size ?? content.length, 18);
  const name = Buffer.from(member.localName ?? member.name);
  common.writeUInt16LE(name.length, 22);
  const signature = Buffer.from('PK\u0003\u0004');
  return { bytes: Buffer.concat([signature, common, name, packed]), packed, common };
}

function entryOf(member: ZipMember, { common }: Local, offset: number): Buffer {
  const name = Buffer.from(member.name);
  const head = Buffer.alloc(46);
  head.writeUInt32LE(0x02014b50, 0);
  head.writeUInt16LE(0x0314, 4);
  common.copy(head, 6);
  head.writeUInt16LE(name.length, 28);
  head.writeUInt32LE(member.attributes ?? 0, 38);
  head.writeUInt32LE(member.offset ?? offset, 42);
  return Buffer.concat([head, name]);
}
