import { lstat, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { allowOwner } from './delete.ts';
import { workdirName } from './workdir.ts';
import { leftoverText } from './leftover.ts';
import { isNewHome, readMarker } from './marker.ts';
import { ownerOf, type Removal, removeWorkdir } from './remove.ts';

export interface Swept {
  readonly removed: number;
  /** A warning for each home that could not be removed. */
  readonly left: readonly string[];
}

/** Milliseconds after which a home without a marker is taken for unused. */
const day = 24 * 3_600_000;

/**
 * Removes the homes that earlier jobs of this runner left behind: no post step runs when a machine
 * or the runner itself dies. A runner has one job at a time, so a home of another job is a dead
 * one; those of this job belong to its other calls. Never throws.
 */
export async function sweepWorkdirs(root: string, job: string): Promise<Swept> {
  const names = await readdir(root).catch(() => []);
  let removed = 0;
  const left: string[] = [];
  for (const name of names.filter((candidate) => workdirName.test(candidate))) {
    const path = join(root, name);
    const swept = await sweepHome(path, root, job);
    if (swept?.kind === 'removed') removed += 1;
    if (swept?.kind === 'left') left.push(leftoverText(path, swept));
  }
  return { removed, left };
}

/**
 * Returns undefined for a home that is skipped: one of this job, or of another account. Without a
 * marker the job of a home is not known, so it is kept for a day.
 */
async function sweepHome(path: string, root: string, job: string): Promise<Removal | undefined> {
  const stats = await lstat(path).catch(() => undefined);
  if (!stats?.isDirectory()) return undefined;
  await allowOwner(path);
  const marker = await readMarker(path);
  if (marker) return marker.job === job ? undefined : removeWorkdir(path, root);
  const owner = ownerOf(stats);
  if (owner === 'other') return undefined;
  if (owner === 'root' || Date.now() - stats.mtimeMs > day) return removeWorkdir(path, root);
  if (await isNewHome(path)) return undefined;
  return {
    kind: 'left',
    why: 'its marker is missing or damaged, so it may belong to a job that is still running',
    fix: 'A run removes it one day after its last change; if no job is running, remove it manually.',
    exported: [],
  };
}
