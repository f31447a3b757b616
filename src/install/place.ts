import { realpath, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';

import { Problem } from '../problem.ts';
import { fileOf } from './build.ts';
import { mayRun } from './inspect.ts';
import { pathFlaw } from './owner.ts';
import { notPlaced } from './problems.ts';
import { removeOnFailure } from './staged.ts';

/** Programs by their names, each with the path of its file. */
export type ProgramPaths = ReadonlyMap<string, string>;

/** Where programs are to be run from. */
export interface Place {
  /** The private directory in which they were staged. */
  readonly directory: string;
  /** Their folder in the tool cache, if it may have them, too. */
  readonly folder: string | undefined;
  readonly platform: string;
}

/**
 * Gives staged programs their names in the private directory, and returns their paths. A rename each: a
 * program that is running cannot be written to. Where the private directory's file system is mounted
 * noexec, the paths are those in the tool cache, if no other account can replace what is there.
 * Throws a Problem `download` or `platform`; nothing staged is left then.
 */
export async function putInPlace(parts: ProgramPaths, place: Place): Promise<ProgramPaths> {
  const { directory, platform } = place;
  const staged = [...parts.values()];
  try {
    return await removeOnFailure(staged, async () => {
      const cached = await insteadInCache(parts, place);
      if (cached === undefined) return await moveAll(parts, directory, platform);
      for (const path of staged) await rm(path);
      return cached;
    });
  } catch (error) {
    throw notPlaced(directory, error);
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
    // Renaming one link of a file onto another one does nothing.
    await rm(part, { force: true });
  }
  return paths;
}

/** The paths in the tool cache, where the staged files cannot be executed. */
async function insteadInCache(
  parts: ProgramPaths,
  { directory, folder, platform }: Place,
): Promise<ProgramPaths | undefined> {
  if (folder === undefined) return undefined;
  const misfits = await Promise.all([...parts.values()].map(mayRun));
  const misfit = misfits.find((found) => found !== undefined);
  if (misfit === undefined) return undefined;
  const paths = pathsBelow(await realpath(folder).catch(() => folder), parts, platform);
  for (const path of paths.values()) {
    const flaw = await pathFlaw(path);
    if (flaw !== undefined) throw notRunnable(`${directory}: ${misfit}`, flaw);
  }
  return paths;
}

function notRunnable(here: string, there: string): Problem {
  return new Problem({
    code: 'platform',
    what: `tbot cannot run from ${here}. It is not run from the tool cache either: ${there}.`,
    fix: 'Mount the file system of RUNNER_TEMP without `noexec`, let only this user and root write to the tool cache, or install tbot on the runner and set `tbot-path`.',
  });
}

function pathsBelow(folder: string, parts: ProgramPaths, platform: string): ProgramPaths {
  const programs = [...parts.keys()];
  return new Map(programs.map((program) => [program, join(folder, fileOf(program, platform))]));
}
