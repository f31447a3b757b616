import { constants } from 'node:fs';
import { chmod, copyFile, link, mkdir, open, rename } from 'node:fs/promises';
import { dirname, join } from 'node:path';

import { messageOf } from '../problem.ts';
import type { CiPort } from '../ci/port.ts';
import { codeOf } from '../text/error-code.ts';
import { fileOf } from './build.ts';
import { completeMark, recordOf, tellUnused } from './cache.ts';
import { folderFlaw } from './owner.ts';
import { removeOnFailure, stagingPath, removeStaleParts, type StagedPrograms } from './staged.ts';

/**
 * Puts programs that were fetched and verified into a folder of the tool cache, for later jobs; this
 * call runs the staged ones. The record comes first, so that several installations at once need no
 * lock: whichever file stays, its record is there. A rename each: a running program cannot be written
 * to, and nobody sees half a file. A cache that cannot be filled is no failure.
 */
export async function fillCache(
  staged: StagedPrograms,
  folder: string,
  platform: string,
  ci: Pick<CiPort, 'info' | 'notice'>,
): Promise<void> {
  try {
    await makeFolders(folder);
    const foreign = await folderFlaw(folder);
    if (foreign !== undefined) return tellUnused({ kind: 'untrusted', why: foreign }, ci);
    await removeStaleParts(folder);
    for (const [program, { path, digest }] of staged) {
      await mark(join(folder, recordOf(program, digest)));
      await keep(path, stagingPath(folder, program), join(folder, fileOf(program, platform)));
    }
    await mark(completeMark(folder));
  } catch (error) {
    ci.info(`The tool cache is not filled: ${messageOf(error)}.`);
  }
}

/** Links, or across file systems copies, a program under a name of its own, and renames that. */
async function keep(path: string, part: string, target: string): Promise<void> {
  await removeOnFailure([part], async () => {
    await chmod(path, 0o755);
    await link(path, part).catch(() => copyFile(path, part, constants.COPYFILE_EXCL));
    await rename(part, target);
  });
}

/** Makes an empty file that all may read, unless it is there; a link in its place is not followed. */
async function mark(path: string): Promise<void> {
  try {
    await using handle = await open(path, 'wx', 0o644);
    await handle.chmod(0o644);
  } catch (error) {
    if (codeOf(error) !== 'EEXIST') throw error;
  }
}

async function makeFolders(folder: string): Promise<void> {
  const version = dirname(folder);
  const tool = dirname(version);
  await mkdir(dirname(tool), { recursive: true });
  for (const path of [tool, version, folder]) await makeFolder(path);
}

/** Makes a folder of mode 0755, whatever the umask, unless it is there. */
async function makeFolder(path: string): Promise<void> {
  try {
    await mkdir(path, 0o755);
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return;
    throw error;
  }
  if (process.getuid === undefined) return;
  // By its handle: another account may already have put a link in its place.
  await using handle = await open(path, constants.O_DIRECTORY | constants.O_NOFOLLOW);
  await handle.chmod(0o755);
}
