import { spawnSync } from 'node:child_process';
import { closeSync, openSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { appendEvent, stoppedLabel } from './events.ts';

/** The ways to stop a step: three signals to its one process, and two faults of the disk. */
export const ways = ['SIGINT', 'SIGTERM', 'SIGKILL', 'full disk', 'read-only'] as const;

export type Way = (typeof ways)[number];

/** Returns whether a way changes the file system, which needs one of its own. */
export function isDiskFault(way: Way): way is 'full disk' | 'read-only' {
  return way === 'full disk' || way === 'read-only';
}

function fillerBelow(root: string): string {
  return join(root, 'filler');
}

/** What is stopped. */
export interface Target {
  /** Process of the main step. */
  readonly pid: number;
  /** Where the file system of the runner is mounted. */
  readonly root: string;
  /** The log of the events. */
  readonly log: string;
}

/**
 * Stops a step at once, and logs it. Returns false if the file system cannot become read-only yet,
 * because a file is open for writing.
 */
export function stop(way: Way, { pid, root, log }: Target): boolean {
  if (way === 'read-only' && !remount(root, 'ro')) return false;
  if (way === 'full disk') fill(root);
  appendEvent(log, stoppedLabel);
  if (!isDiskFault(way)) process.kill(pid, way);
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
    return writeSync(file, bytes) === bytes.length;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOSPC') return false;
    throw error;
  }
}
