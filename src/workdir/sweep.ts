import { lstat, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { allowOwner } from './delete.ts';
import { type Workdir, workdirName } from './workdir.ts';
import { leftoverText } from './leftover.ts';
import { isNewWorkdir, type Marker, markerName, readMarker } from './marker.ts';
import { findProcesses, isRunning } from './processes.ts';
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
 * jobs are unused, unless concurrent jobs share the folder (`shared`); those of this job belong to its other calls, and `visit`
 * receives them. Never throws.
 */
export async function sweepWorkdirs(
  root: string,
  job: string,
  visit: (workdir: Workdir) => Promise<void> = async () => undefined,
  shared = false,
): Promise<Swept> {
  const names = await readdir(root).catch(() => []);
  let removed = 0;
  const left: string[] = [];
  for (const name of names.filter((candidate) => workdirName.test(candidate))) {
    const path = join(root, name);
    const swept = await sweepWorkdir(path, root, job, shared);
    if (swept?.kind === 'removed') removed += 1;
    if (swept?.kind === 'left') left.push(leftoverText(path, swept));
    if (swept?.kind === 'kept') await visit(swept);
  }
  return { removed, left };
}

/**
 * Returns undefined for a directory that is skipped, such as one of another user. Without a marker the job is unknown, so the directory is kept for a day.
 */
async function sweepWorkdir(
  path: string,
  root: string,
  job: string,
  shared: boolean,
): Promise<Removal | (Workdir & { readonly kind: 'kept' }) | undefined> {
  const stats = await lstat(path).catch(() => undefined);
  if (!stats?.isDirectory()) return undefined;
  const owner = ownerOf(stats);
  // A marker of another user can name this job.
  if (shared && owner === 'other') return undefined;
  await allowOwner(path);
  const marker = await readMarker(path);
  if (marker?.job === job) return { kind: 'kept', path, marker };
  if (shared && (owner !== 'self' || (await mayBeInUse(path, marker)))) return undefined;
  if (marker) return removeWorkdir(path, root);
  if (owner === 'other') return undefined;
  if (owner === 'root' || Date.now() - stats.mtimeMs > day) return removeWorkdir(path, root);
  if (await isNewWorkdir(path)) return undefined;
  return {
    kind: 'left',
    why: 'its marker is missing or damaged, so it may belong to a job that is still running',
    fix: 'If no job is running, remove it manually; otherwise a later run removes it, one day after its last change.',
  };
}

/** Whether a directory in a shared folder has changed within a day, or has a running process. */
async function mayBeInUse(path: string, marker: Marker | undefined): Promise<boolean> {
  for (const file of [path, join(path, markerName)]) {
    const stats = await lstat(file).catch(() => undefined);
    if (stats && Date.now() - stats.mtimeMs <= day) return true;
  }
  const processes = [...(marker?.processes ?? []), ...(await findProcesses(path))];
  return (await Promise.all(processes.map(isRunning))).includes(true);
}
