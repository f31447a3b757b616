import { lstat, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { allowOwner } from './delete.ts';
import { isNewWorkdir, readMarker } from './marker.ts';
import { ownerOf } from './remove.ts';
import { type Workdir, workdirName } from './workdir.ts';

/** The private directories of this user in a folder. */
export interface Calls {
  /** Those of one job, in the order in which its calls exported variables. */
  readonly own: readonly Workdir[];
  /** Paths of those whose job is unknown, because the marker is missing or damaged. */
  readonly unknown: readonly string[];
}

/**
 * Returns the private directories of a job. Ignores links, directories of other users and of other
 * jobs, and those that contain nothing yet. Never throws.
 */
export async function callsOf(job: string, root: string): Promise<Calls> {
  await allowOwner(root);
  const names = await readdir(root).catch(() => []);
  const own: Workdir[] = [];
  const unknown: string[] = [];
  for (const path of names
    .filter((name) => workdirName.test(name))
    .map((name) => join(root, name))) {
    const stats = await lstat(path).catch(() => undefined);
    if (!stats?.isDirectory() || ownerOf(stats) === 'other') continue;
    await allowOwner(path);
    const marker = await readMarker(path);
    if (marker?.job === job) own.push({ path, marker });
    else if (!marker && !(await isNewWorkdir(path))) unknown.push(path);
  }
  return { own: own.toSorted((one, other) => positionOf(one) - positionOf(other)), unknown };
}

/** Returns the position of a call; 0 if it exported no variables. */
export function positionOf({ marker }: Pick<Workdir, 'marker'>): number {
  return marker.position ?? 0;
}
