import { rmdirSync, rmSync, type Stats } from 'node:fs';
import { lstat, readdir } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { allowOwner, deleteAll, type Deletion } from './delete.ts';
import { workdirName, programsOf } from './workdir.ts';
import { describeFailures, type Failure, failureAt, type Leftover } from './leftover.ts';
import {
  isNewWorkdir,
  type Marker,
  markerName,
  type ProcessMark,
  readMarker,
  writeMarker,
} from './marker.ts';
import { endProcesses, findProcesses } from './processes.ts';
import { isTaken } from '../files/files.ts';
import { codeOf } from '../text/error-code.ts';

/** The result of removing a private directory. */
export type Removal =
  /** The directory does not exist. */
  | { readonly kind: 'absent' }
  | (Found & {
      readonly kind: 'removed';
      readonly files: number;
      /** Ids of the action's processes that were still running and were ended. */
      readonly ended: readonly number[];
      /** When the first credential expires (RFC 3339); absent if none was issued. */
      readonly expiresAt?: string;
    })
  /** The path is not a private directory of the action, or could not be removed. */
  | (Found & Leftover & { readonly kind: 'left' });

interface Found {
  /** The marker of a directory that was in use is missing or damaged. */
  readonly markerLost?: true;
}

/**
 * Milliseconds between SIGTERM and SIGKILL; short, because the post steps of a cancelled job are
 * timed.
 */
const grace = 1500;

/** Restores the variables that the marker of a removed directory records. Does not throw. */
export type Restore = (marker: Marker) => Promise<void>;

/** Replaces a lost marker. It names no job, so every later run may remove the directory. */
const unmarked: Marker = { job: '', processes: [], exported: [] };

/**
 * Removes a private directory: ends the processes that may still write to it, deletes it and checks
 * that it was not created again. Refuses a path with another location or name, a link, and a
 * directory of another user. Without a marker, ends no process and restores no variables. Never
 * throws.
 */
export async function removeWorkdir(
  path: string,
  root: string,
  restore: Restore = async () => undefined,
): Promise<Removal> {
  const obstacle = await obstacleTo(path, root);
  if (obstacle === 'absent') return { kind: 'absent' };
  if (obstacle) return { kind: 'left', ...obstacle };
  await allowOwner(path);
  const marker = await readMarker(path);
  if (marker || (await isNewWorkdir(path))) return removeTree(path, marker ?? unmarked, restore);
  // Later runs recognize the directory if the removal is interrupted.
  await writeMarker(path, unmarked).catch(() => undefined);
  return { ...(await removeTree(path, unmarked, restore)), markerLost: true };
}

/**
 * Ends the processes that may still write to a private directory, and returns their ids. Ignores a path
 * that must not be removed.
 */
export async function endProcessesOf(path: string, root: string): Promise<readonly number[]> {
  if ((await obstacleTo(path, root)) !== undefined) return [];
  await allowOwner(path);
  const marker = await readMarker(path);
  return marker ? await endProcesses(await processesOf(path, marker), grace) : [];
}

async function removeTree(
  workdir: string,
  marker: Marker,
  restore: Restore,
): Promise<Exclude<Removal, { kind: 'absent' }>> {
  const { expiresAt } = marker;
  let restored: Promise<void> | undefined;
  const restoreOnce = (): Promise<void> => (restored ??= restore(marker));
  const ended = await endProcesses(await processesOf(workdir, marker), grace);
  let files = 0;
  let failures: readonly Failure[] = [];
  for (let tries = 0; tries < 3; tries += 1) {
    if (tries > 0) await pause(100);
    const deletion = await deleteContent(workdir, restoreOnce);
    files += deletion.files;
    ({ failures } = deletion);
    if (failures.length === 0 && !(await isTaken(workdir)))
      return { kind: 'removed', files, ended, ...(expiresAt ? { expiresAt } : {}) };
  }
  await restoreOnce();
  // Later runs recognize the directory by its marker.
  await writeMarker(workdir, marker).catch(() => undefined);
  return { kind: 'left', ...(await describeFailures(workdir, failures)) };
}

/**
 * Returns the processes that may still write to a private directory. Searches for further ones only
 * while no credentials are published: after that, processes of other steps may use the files.
 */
async function processesOf(workdir: string, marker: Marker): Promise<readonly ProcessMark[]> {
  const { processes, endpoint } = marker;
  if (processes.length === 0 || endpoint !== undefined) return processes;
  const known = new Set(processes.map(({ pid }) => pid));
  const found = await findProcesses(workdir);
  return [...processes, ...found.filter(({ pid }) => !known.has(pid))];
}

/**
 * Deletes secrets first, then the programs, which are large, and the marker last, so that a later
 * run recognizes the directory if the deletion is interrupted. Restores the variables before the
 * marker, which records them, and after the files, which may fill the disk.
 */
async function deleteContent(workdir: string, restore: () => Promise<void>): Promise<Deletion> {
  let files = 0;
  try {
    const names = await readdir(workdir);
    const others = names.filter((name) => name !== markerName).map((name) => join(workdir, name));
    const programs = programsOf({ path: workdir });
    const deletion = await deleteAll(
      others.toSorted((one, other) => Number(one === programs) - Number(other === programs)),
    );
    if (deletion.failures.length > 0) return deletion;
    files = deletion.files + names.length - others.length;
    await restore();
    // Synchronous, so that almost nothing can interrupt between the two.
    rmSync(join(workdir, markerName), { force: true, recursive: true });
    rmdirSync(workdir);
    return { files, failures: [] };
  } catch (error) {
    return { files, failures: failureAt(workdir, error) };
  }
}

/** Returns why a path must not be removed, `absent` if it does not exist. */
export async function obstacleTo(
  path: string,
  root: string,
): Promise<Leftover | 'absent' | undefined> {
  // An exact comparison, because a `/` at the end of a link would resolve it.
  if (path !== join(root, basename(path)) || !workdirName.test(basename(path)))
    return {
      why: `it is not a private directory of this action in ${root}`,
      fix: 'The next run on this runner removes the private directory of this step, if there is one.',
    };
  await allowOwner(root);
  try {
    const stats = await lstat(path);
    if (!stats.isDirectory()) return { why: 'it is not a directory' };
    return ownerOf(stats) === 'other' ? { why: 'it belongs to another user' } : undefined;
  } catch (error) {
    return codeOf(error) === 'ENOENT' ? 'absent' : { why: String(error) };
  }
}

/**
 * Returns who owns a private directory. Root is distinguished from other users, because a container
 * that runs as root can change owners. Windows has no user ids, so everything counts as owned by
 * this user there.
 */
export function ownerOf({ uid }: Pick<Stats, 'uid'>): 'self' | 'root' | 'other' {
  const user = process.getuid?.() ?? uid;
  if (uid === user) return 'self';
  return uid === 0 ? 'root' : 'other';
}
