import { randomUUID } from 'node:crypto';
import { lstat, readdir, realpath, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';

import { Problem } from '../problem.ts';
import { programsNotMoved } from './download-problems.ts';
import { mayRun } from './inspect.ts';
import { pathFlaw } from './ownership.ts';
import { fileOf } from './release.ts';

/** A program that was downloaded and verified, under a temporary name. */
export interface StagedProgram {
  readonly path: string;
  /** SHA-256 of the file, as lower-case hex. */
  readonly digest: string;
}

/** By the names of the programs (`tbot`, `tsh`, `tctl`). */
export type StagedPrograms = ReadonlyMap<string, StagedProgram>;

/** Paths by the names of the programs. */
export type ProgramPaths = ReadonlyMap<string, string>;

/** Returns a path for a program that no other installation uses. */
export function stagingPath(directory: string, program: string): string {
  return join(directory, `.${program}-${randomUUID()}`);
}

/**
 * Removes the staged files of installations that were killed a day or more ago. Younger ones may still
 * be in use. Errors are ignored, because a leftover file does no harm.
 */
export async function removeStaleFiles(directory: string): Promise<void> {
  for (const name of await readdir(directory).catch(() => [])) {
    if (!stagedName.test(name)) continue;
    const path = join(directory, name);
    const stats = await lstat(path).catch(() => undefined);
    if (stats?.isFile() && Date.now() - stats.mtimeMs > day)
      await rm(path, { force: true }).catch(() => undefined);
  }
}

const stagedName = /^\.(?:tbot|tsh|tctl|archive)-[0-9a-f]{8}-[0-9a-f-]{27}/;
const day = 24 * 60 * 60 * 1000;

/** Does work that writes the given files, and removes them if it fails. */
export async function removeOnFailure<T>(
  files: readonly string[],
  work: () => Promise<T>,
): Promise<T> {
  try {
    return await work();
  } catch (error) {
    for (const file of files) await rm(file, { force: true });
    throw error;
  }
}

/** The folders that programs can run from. */
export interface RunFolders {
  /** The private directory, where the programs were staged. */
  readonly directory: string;
  /** Their folder in the tool cache, if it may contain them as well. */
  readonly folder: string | undefined;
  readonly platform: string;
}

/**
 * Renames staged programs to their names in the private directory and returns their paths. A rename is
 * needed because a running program cannot be written to. If that file system is mounted noexec,
 * returns the paths in the tool cache, unless another account can replace those files. Throws a Problem
 * `download` or `platform` and removes the staged files.
 */
export async function moveIntoPlace(
  parts: ProgramPaths,
  folders: RunFolders,
): Promise<ProgramPaths> {
  const { directory, platform } = folders;
  const staged = [...parts.values()];
  try {
    return await removeOnFailure(staged, async () => {
      const cached = await pathsInCache(parts, folders);
      if (cached === undefined) return await moveAll(parts, directory, platform);
      for (const path of staged) await rm(path);
      return cached;
    });
  } catch (error) {
    throw programsNotMoved(directory, error);
  }
}

async function moveAll(
  parts: ProgramPaths,
  directory: string,
  platform: string,
): Promise<ProgramPaths> {
  const paths = pathsBelow(directory, parts, platform);
  for (const [program, part] of parts) {
    await rename(part, paths.get(program) ?? '');
    // Renaming one hard link of a file onto another one does nothing, so the staged name can remain.
    await rm(part, { force: true });
  }
  return paths;
}

/** Returns the paths in the tool cache if the staged files cannot be executed. */
async function pathsInCache(
  parts: ProgramPaths,
  { directory, folder, platform }: RunFolders,
): Promise<ProgramPaths | undefined> {
  if (folder === undefined) return undefined;
  const defects = await Promise.all([...parts.values()].map(mayRun));
  const defect = defects.find((candidate) => candidate !== undefined);
  if (defect === undefined) return undefined;
  const paths = pathsBelow(await realpath(folder).catch(() => folder), parts, platform);
  for (const path of paths.values()) {
    const flaw = await pathFlaw(path);
    if (flaw !== undefined) throw notRunnable(`${directory}: ${defect}`, flaw);
  }
  return paths;
}

function notRunnable(place: string, cacheFlaw: string): Problem {
  return new Problem({
    code: 'platform',
    what: `tbot cannot run from ${place}. The copy in the tool cache is not used: ${cacheFlaw}.`,
    fix: 'Mount the file system of RUNNER_TEMP without `noexec`, make the tool cache writable for this user and root only, or install tbot on the runner and set `tbot-path`.',
  });
}

function pathsBelow(folder: string, parts: ProgramPaths, platform: string): ProgramPaths {
  const programs = [...parts.keys()];
  return new Map(programs.map((program) => [program, join(folder, fileOf(program, platform))]));
}
