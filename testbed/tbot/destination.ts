import { mkdirSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { Failure } from './failure.ts';
import type { Log } from './log.ts';
import { textAt, type Values } from './values.ts';

/** The destination of files: a folder, or none. */
export type Destination =
  { readonly type: 'directory'; readonly path: string } | { readonly type: 'memory' };

/** Reads a `destination` or `storage` map, which requires `type`. */
export function readDestination(map: Values): Destination {
  const type = textAt(map, 'type');
  switch (type) {
    case 'memory':
      return { type };
    case 'directory': {
      const path = textAt(map, 'path');
      if (path === '') throw new Failure('destination path must not be empty');
      return { type, path };
    }
    case 'kubernetes_secret':
      throw new Failure('the stand-in does not play the destination kubernetes_secret yet');
    default:
      throw new Failure(`failed parsing config file: unrecognized destination type (${type})`);
  }
}

/** Formats a destination for log lines: `directory: /path`. */
export function describeDestination(destination: Destination): string {
  return destination.type === 'directory' ? `directory: ${destination.path}` : '[memory]';
}

/** Creates folders with mode 0700. An existing folder keeps its mode. */
export function createDestination(
  destination: Destination,
  log: Log,
  folders: readonly string[] = [],
): void {
  if (destination.type !== 'directory') return;
  createFolder(destination.path, log);
  for (const folder of folders) createFolder(join(destination.path, folder), log);
}

function createFolder(path: string, log: Log): void {
  const stats = attempt(() => statSync(path, { throwIfNoEntry: false }), `stat ${path}`);
  if (stats?.isDirectory()) return;
  if (stats) throw new Failure(`Path "${path}" already exists and is not a directory`);
  makeAll(path);
  log.info(
    { component: 'TBOT', caller: 'config/destination_directory.go:135' },
    `Created directory "${path}"`,
  );
}

/** Writes in place (no rename) with mode 0600. Source: `lib/tbot/botfs/botfs.go`. */
export function writeArtifact(destination: Destination, name: string, content: string): void {
  if (destination.type !== 'directory') return;
  const path = join(destination.path, name);
  attempt(() => writeFileSync(path, content, { mode: 0o600 }), `open ${path}`);
}

// Like Go's MkdirAll, whose error names the folder that cannot be created. Node's recursive mkdir never
// returns for a folder below /proc.
function makeAll(path: string): void {
  if (statSync(path, { throwIfNoEntry: false })?.isDirectory()) return;
  const parent = dirname(path);
  if (parent !== path) makeAll(parent);
  attempt(() => mkdirSync(path, { mode: 0o700 }), `mkdir ${path}`);
}

const words: Readonly<Record<string, string>> = {
  ENOENT: 'no such file or directory',
  EACCES: 'permission denied',
  EPERM: 'operation not permitted',
  EROFS: 'read-only file system',
  ENOSPC: 'no space left on device',
  ENOTDIR: 'not a directory',
  EISDIR: 'is a directory',
  EDQUOT: 'disk quota exceeded',
};

function isErrno(error: unknown): error is NodeJS.ErrnoException {
  return error instanceof Error && 'code' in error;
}

function attempt<T>(action: () => T, doing: string): T {
  try {
    return action();
  } catch (error) {
    if (!isErrno(error)) throw error;
    const { code = '', syscall, path } = error;
    const subject = syscall === 'write' && path ? `write ${path}` : doing;
    throw new Failure(`${subject}: ${words[code] ?? code}`);
  }
}
