import { randomBytes } from 'node:crypto';
import { mkdir, realpath } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { Problem } from '../problem.ts';
import { codeOf } from '../text/error-code.ts';
import type { CiPort, Directories } from '../ci/port.ts';
import { type Marker, writeMarker, writePrivately } from './marker.ts';
import { markProcess } from './processes.ts';

/** The private directory of one call, which contains all files that the call writes. */
export interface Workdir {
  readonly path: string;
  readonly marker: Marker;
}

/** Names of private directories; short, because the path of a Unix socket has at most 104 bytes. */
export const workdirName = /^machine-id-[0-9a-f]{16}$/;

/** Name of the state that holds the path for the post step. */
export const workdirState = 'workdir';

/**
 * Creates the private directory of this call below the temporary directory, with mode 0700, a
 * random name and a marker. The path is saved first, so that the post step finds the directory even
 * if this process is killed. Throws a Problem `platform`.
 */
export async function createWorkdir(
  ci: Pick<CiPort, 'directories' | 'job' | 'saveState'>,
): Promise<Workdir> {
  const root = await workdirRoot(ci.directories);
  const path = join(root, `machine-id-${randomBytes(8).toString('hex')}`);
  deliver(() => ci.saveState(workdirState, path));
  try {
    await mkdir(path, { mode: 0o700 });
    if (process.platform === 'win32') await restrictToOwner(path);
    const processes = [await markProcess(process.pid)];
    const marker: Marker = { job: ci.job.key, processes, exported: [] };
    await writeMarker(path, marker);
    await mkdir(programsOf({ path }), { mode: 0o700 });
    return { path, marker };
  } catch (error) {
    throw unwritable(root, error);
  }
}

/** Returns the folder that later steps have on PATH, which contains only tbot and its tools. */
export function programsOf(workdir: Pick<Workdir, 'path'>): string {
  return join(workdir.path, 'bin');
}

/** Returns the temporary directory of the job with links resolved. Throws a Problem `platform`. */
export async function workdirRoot({ temp }: Directories): Promise<string> {
  if (!temp)
    throw new Problem({
      code: 'platform',
      what: 'RUNNER_TEMP is not set, so there is no private directory for credentials.',
      fix: 'Run this action on a GitHub Actions runner, which sets RUNNER_TEMP.',
    });
  return realpath(temp).catch((error: unknown) => {
    throw unwritable(temp, error);
  });
}

/** Replaces the marker and waits until it is on disk. Throws a Problem `platform`. */
export async function changeMarker(path: string, marker: Marker): Promise<Workdir> {
  await writeMarker(path, marker).catch(explainUnwritable(path));
  return { path, marker };
}

/** Writes a new file of mode 0600 and returns its path. Throws a Problem `platform`. */
export async function writeToWorkdir(workdir: string, name: string, text: string): Promise<string> {
  const path = join(workdir, name);
  await writePrivately(path, text).catch(explainUnwritable(workdir));
  return path;
}

function explainUnwritable(path: string): (error: unknown) => never {
  return (error) => {
    throw unwritable(path, error);
  };
}

/**
 * Passes values to the CI system. Throws a Problem `platform` if the CI system reads them from a
 * file that cannot be written. Any other error is a bug and is thrown unchanged.
 */
export function deliver(values: () => void): void {
  try {
    values();
  } catch (error) {
    if (!(error instanceof Error) || !('syscall' in error)) throw error;
    const path = 'path' in error ? error.path : undefined;
    throw unwritable(dirname(typeof path === 'string' ? path : ''), error);
  }
}

/** Returns the Problem `platform` for a directory that cannot be written to. */
export function unwritable(path: string, error: unknown): Problem {
  const code = codeOf(error) ?? '';
  const reasons: Readonly<Record<string, string>> = {
    ENOSPC: 'the disk is full',
    EDQUOT: 'the disk quota is exceeded',
    EROFS: 'the file system is read-only',
    EACCES: 'permission denied',
    EPERM: 'permission denied',
    ENOENT: 'the directory does not exist',
    ENOTDIR: 'not a directory',
  };
  return new Problem({
    code: 'platform',
    what: `Cannot write to ${path}: ${reasons[code] ?? String(error)}.`,
    fix: "Check the disk space and the permissions of the runner's temporary directory (RUNNER_TEMP), then run the job again.",
    cause: error,
  });
}

/**
 * The security identifier OWNER RIGHTS (Microsoft Learn, Well-known SIDs). A user name would be
 * ambiguous, because a local account hides a domain account of the same name.
 */
const ownerRights = '*S-1-3-4';

/**
 * Restricts a directory on Windows to its owner, as mode 0700 does elsewhere: removes inherited
 * entries and grants the owner full control, which files and folders inside inherit (icacls,
 * Microsoft Learn).
 */
async function restrictToOwner(directory: string): Promise<void> {
  // Loaded only here, because other systems do not need it.
  const { exec } = await import('@actions/exec');
  await exec('icacls', [...icaclsArguments(directory)], { silent: true });
}

/**
 * Returns the arguments of icacls; with (OI) and (CI), files and folders inside inherit the entry.
 */
export function icaclsArguments(directory: string): readonly string[] {
  return [directory, '/inheritance:r', '/grant:r', `${ownerRights}:(OI)(CI)F`];
}
