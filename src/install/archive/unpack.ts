import { createHash } from 'node:crypto';
import { type FileHandle, open } from 'node:fs/promises';

import { BadArchive } from './tar-header.ts';
import { readTar, tarLimits, type TarMember } from './tar.ts';

/** More than any program of a release (teleport itself has 241 MB). */
export const largestProgram = 2 ** 30;

/** What came out of an archive. */
export interface Unpacked {
  /** SHA-256 of each file that was written, lower-case hex, by its name in the archive. */
  readonly digests: ReadonlyMap<string, string>;
  /** A layer says that what the layers below have of the wanted is gone. */
  readonly hides: boolean;
}

/**
 * Takes the wanted members (name in the archive -> file) out of a tar stream and stops reading when
 * the last one is there. The files must not exist; they become 0700. A `layer` of an image need not
 * hold them, a `release` must. Throws a BadArchive, or what the file system says.
 */
export async function unpack(
  source: AsyncIterable<Uint8Array>,
  wanted: ReadonlyMap<string, string>,
  kind: 'release' | 'layer',
): Promise<Unpacked> {
  const digests = new Map<string, string>();
  const whiteouts = kind === 'layer' ? whiteoutsOf([...wanted.keys()]) : new Set<string>();
  let hides = false;
  for await (const member of readTar(source, { ...tarLimits, layer: kind === 'layer' })) {
    const file = wanted.get(member.name);
    hides ||= whiteouts.has(member.name);
    if (file === undefined) {
      refuseParentThatIsNoFolder(member, wanted);
      continue;
    }
    if (digests.has(member.name)) throw new BadArchive(`it holds \`${member.name}\` twice`);
    digests.set(member.name, await writeProgram(file, member));
    if (digests.size === wanted.size) return { digests, hides };
  }
  const missing = [...wanted.keys()].filter((name) => !digests.has(name));
  if (kind === 'layer') return { digests, hides };
  throw new BadArchive(`there is no \`${missing.join('` and no `')}\` in it`);
}

/** Names of empty files that hide a name, or all of a folder (OCI image layer specification). */
function whiteoutsOf(names: readonly string[]): ReadonlySet<string> {
  return new Set(
    names.flatMap((name) => {
      const parts = name.split('/');
      return parts.flatMap((part, index) => {
        const above = parts.slice(0, index).map((folder) => `${folder}/`);
        return [`${above.join('')}.wh.${part}`, `${above.join('')}.wh..wh..opq`];
      });
    }),
  );
}

function refuseParentThatIsNoFolder(member: TarMember, wanted: ReadonlyMap<string, string>): void {
  if (member.kind === 'directory') return;
  for (const name of wanted.keys())
    if (name.startsWith(`${member.name}/`))
      throw new BadArchive(`the folder \`${member.name}\` in it is a ${member.kind}`);
}

async function writeProgram(file: string, member: TarMember): Promise<string> {
  if (member.kind !== 'file') throw new BadArchive(`\`${member.name}\` in it is a ${member.kind}`);
  if (member.size > largestProgram)
    throw new BadArchive(`\`${member.name}\` in it is absurdly large`);
  return writeHashed(file, member.content);
}

/** Writes a new file of mode 0700 and gives its SHA-256 as lower-case hex. */
export async function writeHashed(
  file: string,
  content: AsyncIterable<Uint8Array>,
): Promise<string> {
  const hash = createHash('sha256');
  const handle = await open(file, 'wx', 0o700);
  try {
    // The umask may have taken a bit away.
    await handle.chmod(0o700);
    for await (const chunk of content) {
      const written = writeAll(handle, chunk);
      hash.update(chunk);
      await written;
    }
  } finally {
    await handle.close();
  }
  return hash.digest('hex');
}

async function writeAll(handle: FileHandle, chunk: Uint8Array): Promise<void> {
  for (let offset = 0; offset < chunk.length;) {
    const { bytesWritten } = await handle.write(chunk, offset);
    offset += bytesWritten;
  }
}
