import { spawnSync } from 'node:child_process';
import { closeSync, openSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';

/** The ways to stop a step: three signals to its one process, and two faults of the disk. */
export const ways = ['SIGINT', 'SIGTERM', 'SIGKILL', 'full disk', 'read-only'] as const;

export type Way = (typeof ways)[number];

/** Returns whether a way changes the file system, which needs one of its own. */
export function isDiskFault(way: Way): way is 'full disk' | 'read-only' {
  return way === 'full disk' || way === 'read-only';
}

const writeToFiller = writeSync;

function fillerBelow(root: string): string {
  return join(root, 'filler');
}

/**
 * Stops a step at once. `pid` is the process of its main step, and `root` is where the file system of
 * the runner is mounted. Returns false if the file system cannot become read-only yet, because a file
 * is open for writing.
 */
export function stop(way: Way, { pid, root }: { pid: number; root: string }): boolean {
  if (way === 'read-only') return remount(root, 'ro');
  if (way === 'full disk') fill(root);
  else process.kill(pid, way);
  return true;
}

/** Makes the file system writable and gives it room again. */
export function repairDisk(root: string): void {
  remount(root, 'rw');
  rmSync(fillerBelow(root), { force: true });
}

function remount(root: string, mode: 'ro' | 'rw'): boolean {
  const options = `remount,${mode}`;
  return spawnSync('mount', ['-o', options, root], { env: { PATH: searchPath } }).status === 0;
}

/** Where `mount` and `umount` are. */
export const searchPath = '/usr/sbin:/usr/bin:/sbin:/bin';

function fill(root: string): void {
  const file = openSync(fillerBelow(root), 'a');
  try {
    for (const size of [2 ** 20, 2 ** 12, 1]) while (writesAll(file, Buffer.alloc(size)));
  } finally {
    closeSync(file);
  }
}

function writesAll(file: number, bytes: Buffer): boolean {
  try {
    return writeToFiller(file, bytes) === bytes.length;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOSPC') return false;
    throw error;
  }
}
