import { constants } from 'node:fs';
import { chmod, copyFile, link, mkdir, open, rename } from 'node:fs/promises';
import { dirname, join } from 'node:path';

import { messageOf } from '../problem.ts';
import type { CiPort } from '../ci/port.ts';
import { codeOf } from '../text/error-code.ts';
import { completeMark, recordOf, reportUnused } from './cache.ts';
import { folderFlaw } from './ownership.ts';
import { fileOf } from './release.ts';
import { removeOnFailure, removeStaleFiles, type StagedPrograms, stagingPath } from './staging.ts';

/**
 * Adds downloaded and verified programs to the tool cache for later jobs; this step runs the staged
 * ones. Writes the records first, so that concurrent installations need no lock: every file that
 * remains has a record. Renames each program, because a running program cannot be written to and
 * another job must not see a partial file. Returns whether it succeeded. Failures are logged, not thrown.
 */
export async function fillCache(
  staged: StagedPrograms,
  folder: string,
  platform: string,
  ci: Pick<CiPort, 'info' | 'notice'>,
): Promise<boolean> {
  try {
    await createFolders(folder);
    const foreign = await folderFlaw(folder);
    if (foreign !== undefined) {
      reportUnused({ kind: 'untrusted', why: foreign }, ci);
      return false;
    }
    await removeStaleFiles(folder);
    for (const [program, { path, digest }] of staged) {
      await mark(join(folder, recordOf(program, digest)));
      await add(path, stagingPath(folder, program), join(folder, fileOf(program, platform)));
    }
    await mark(completeMark(folder));
    return true;
  } catch (error) {
    ci.info(`The tool cache could not be updated: ${messageOf(error)}.`);
    return false;
  }
}

/** Links a program, or copies it across file systems, under a temporary name and renames that. */
async function add(path: string, part: string, target: string): Promise<void> {
  await removeOnFailure([part], async () => {
    await chmod(path, 0o755);
    await link(path, part).catch(() => copyFile(path, part, constants.COPYFILE_EXCL));
    await rename(part, target);
  });
}

/** Creates an empty file of mode 0644 unless it exists; does not follow a symbolic link. */
async function mark(path: string): Promise<void> {
  try {
    await using handle = await open(path, 'wx', 0o644);
    await handle.chmod(0o644);
  } catch (error) {
    if (codeOf(error) !== 'EEXIST') throw error;
  }
}

async function createFolders(folder: string): Promise<void> {
  const version = dirname(folder);
  const tool = dirname(version);
  await mkdir(dirname(tool), { recursive: true });
  for (const path of [tool, version, folder]) await createFolder(path);
}

/** Creates a folder of mode 0755, whatever the umask, unless it exists. */
async function createFolder(path: string): Promise<void> {
  try {
    await mkdir(path, 0o755);
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return;
    throw error;
  }
  if (process.getuid === undefined) return;
  // By handle, because another account can have replaced the directory by a link.
  await using handle = await open(path, constants.O_DIRECTORY | constants.O_NOFOLLOW);
  await handle.chmod(0o755);
}
