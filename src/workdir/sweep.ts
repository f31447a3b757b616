import { lstat, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { allowOwner } from './delete.ts';
import { workdirName } from './workdir.ts';
import { leftoverText } from './leftover.ts';
import { isNewWorkdir, readMarker } from './marker.ts';
import { ownerOf, type Removal, removeWorkdir } from './remove.ts';

/** The result of removing the private directories of earlier jobs. */
export interface Swept {
  /** Number of removed directories. */
  readonly removed: number;
  /** A warning for each directory that could not be removed. */
  readonly left: readonly string[];
}

/** Milliseconds after which a directory without a marker counts as unused. */
const day = 24 * 3_600_000;

/**
 * Removes the private directories that earlier jobs left on this runner, because no post step runs
 * when the machine or the runner dies. A runner runs one job at a time, so directories of other
 * jobs are unused; those of this job belong to its other calls. Never throws.
 */
export async function sweepWorkdirs(root: string, job: string): Promise<Swept> {
  const names = await readdir(root).catch(() => []);
  let removed = 0;
  const left: string[] = [];
  for (const name of names.filter((candidate) => workdirName.test(candidate))) {
    const path = join(root, name);
    const swept = await sweepWorkdir(path, root, job);
    if (swept?.kind === 'removed') removed += 1;
    if (swept?.kind === 'left') left.push(leftoverText(path, swept));
  }
  return { removed, left };
}

/**
 * Returns undefined for a directory that is skipped: one of this job or of another user. Without a
 * marker the job is unknown, so the directory is kept for a day.
 */
async function sweepWorkdir(path: string, root: string, job: string): Promise<Removal | undefined> {
  const stats = await lstat(path).catch(() => undefined);
  if (!stats?.isDirectory()) return undefined;
  await allowOwner(path);
  const marker = await readMarker(path);
  if (marker) return marker.job === job ? undefined : removeWorkdir(path, root);
  const owner = ownerOf(stats);
  if (owner === 'other') return undefined;
  if (owner === 'root' || Date.now() - stats.mtimeMs > day) return removeWorkdir(path, root);
  if (await isNewWorkdir(path)) return undefined;
  return {
    kind: 'left',
    why: 'its marker is missing or damaged, so it may belong to a job that is still running',
    fix: 'If no job is running, remove it manually; otherwise a later run removes it, one day after its last change.',
    exported: [],
  };
}
