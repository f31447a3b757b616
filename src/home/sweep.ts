import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { homeName } from './home.ts';
import { readMarker } from './marker.ts';
import { scrubHome } from './scrub.ts';

/**
 * Removes the homes that earlier jobs of this runner left behind: no post step runs when a machine
 * or the runner itself dies. A runner has one job at a time, so a home of another job is a dead
 * one; those of this job belong to its other calls. Answers how many were removed; never throws.
 */
export async function sweepHomes(root: string, job: string): Promise<number> {
  const names = await readdir(root).catch(() => []);
  let removed = 0;
  for (const name of names.filter((candidate) => homeName.test(candidate))) {
    const path = join(root, name);
    const marker = await readMarker(path);
    if (marker && marker.job !== job && (await scrubHome(path, root)).kind === 'removed')
      removed += 1;
  }
  return removed;
}
