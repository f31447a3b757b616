import { constants } from 'node:fs';
import { access, chmod, mkdir, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { codeOf } from '../system-error.ts';
import { type Build, fileOf } from './build.ts';
import { cacheFolder, completeMark, recordOf } from './cache.ts';
import { notPlaced } from './problems.ts';
import { orNothing, removeStaleParts, type StagedPrograms } from './staged.ts';
import type { Environment } from '../runner.ts';

/** Where programs are put: the runner's tool cache, or a folder of this call. */
export interface Place {
  readonly directory: string;
  readonly kind: 'cache' | 'own';
}

/** The tool cache where there is one that can be written, else the folder of this call. */
export async function choosePlace(
  build: Build,
  own: string,
  env: Environment,
  info: (line: string) => void,
): Promise<Place> {
  const directory = cacheFolder(env, build);
  if (directory === undefined) return { directory: own, kind: 'own' };
  try {
    await mkdir(directory, { recursive: true });
    await access(directory, constants.W_OK);
    await removeStaleParts(directory);
    return { directory, kind: 'cache' };
  } catch (error) {
    info(`The tool cache is not used: ${directory} cannot be written (${codeOf(error)}).`);
    return { directory: own, kind: 'own' };
  }
}

/**
 * Gives staged programs their names, and their paths back. A rename each: a program that is running
 * cannot be written to, and nobody sees half a file. In the tool cache the record comes first, so
 * that several installations at once need no lock: whichever file stays, its record is there. Throws
 * a Problem `download`; nothing staged is left then.
 */
export async function putInPlace(
  staged: StagedPrograms,
  place: Place,
  platform: string,
): Promise<ReadonlyMap<string, string>> {
  const parts = [...staged.values()].map(({ path }) => path);
  try {
    return await orNothing(parts, () => moveAll(staged, place, platform));
  } catch (error) {
    throw notPlaced(place.directory, error);
  }
}

async function moveAll(
  staged: StagedPrograms,
  place: Place,
  platform: string,
): Promise<ReadonlyMap<string, string>> {
  const paths = new Map<string, string>();
  for (const [program, { path, digest }] of staged) {
    const target = join(place.directory, fileOf(program, platform));
    if (place.kind === 'cache') {
      await writeFile(join(place.directory, recordOf(program, digest)), '');
      await chmod(path, 0o755);
    }
    await rename(path, target);
    paths.set(program, target);
  }
  if (place.kind === 'cache') await writeFile(completeMark(place.directory), '');
  return paths;
}
