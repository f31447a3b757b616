import { type FileHandle, open } from 'node:fs/promises';

import { BadArchive } from './tar-header.ts';
import { readTar, type TarMember } from './tar.ts';

/** More than any program of a release (teleport itself has 241 MB). */
const largestProgram = 2 ** 30;

/**
 * Takes the wanted members (name in the archive -> file) out of a tar stream and stops reading when
 * the last one is there. The files must not exist; they become 0700. Throws a BadArchive, or what
 * the file system says.
 */
export async function unpack(
  source: AsyncIterable<Uint8Array>,
  wanted: ReadonlyMap<string, string>,
): Promise<void> {
  const seen = new Set<string>();
  for await (const member of readTar(source)) {
    const file = wanted.get(member.name);
    if (file === undefined) {
      refuseParentThatIsNoFolder(member, wanted);
      continue;
    }
    if (seen.has(member.name)) throw new BadArchive(`it holds \`${member.name}\` twice`);
    if (member.kind !== 'file')
      throw new BadArchive(`\`${member.name}\` in it is a ${member.kind}`);
    if (member.size > largestProgram)
      throw new BadArchive(`\`${member.name}\` in it is absurdly large`);
    seen.add(member.name);
    await write(file, member);
    if (seen.size === wanted.size) return;
  }
  const missing = [...wanted.keys()].filter((name) => !seen.has(name));
  throw new BadArchive(`there is no \`${missing.join('` and no `')}\` in it`);
}

function refuseParentThatIsNoFolder(member: TarMember, wanted: ReadonlyMap<string, string>): void {
  if (member.kind === 'directory') return;
  for (const name of wanted.keys())
    if (name.startsWith(`${member.name}/`))
      throw new BadArchive(`the folder \`${member.name}\` in it is a ${member.kind}`);
}

async function write(file: string, member: TarMember): Promise<void> {
  const handle = await open(file, 'wx', 0o700);
  try {
    // The umask may have taken a bit away.
    await handle.chmod(0o700);
    for await (const chunk of member.content) await writeAll(handle, chunk);
  } finally {
    await handle.close();
  }
}

async function writeAll(handle: FileHandle, chunk: Uint8Array): Promise<void> {
  for (let offset = 0; offset < chunk.length;) {
    const { bytesWritten } = await handle.write(chunk, offset);
    offset += bytesWritten;
  }
}
