import { randomBytes } from 'node:crypto';
import { mkdir, realpath } from 'node:fs/promises';
import { join } from 'node:path';
import { Problem } from '../problem.ts';
import { codeOf } from '../text/error-code.ts';
import type { Environment, Runner } from '../ci/port.ts';
import { type Marker, writeMarker, writePrivately } from './marker.ts';
import { markProcess } from './processes.ts';

/** The private directory of one call: everything that it writes is in there. */
export interface Workdir {
  readonly path: string;
  readonly marker: Marker;
}

/** How a home is called below RUNNER_TEMP; short, because a Unix socket's path ends at 104 bytes. */
export const workdirName = /^machine-id-[0-9a-f]{16}$/;

/** The name under which the home's path is kept for the post step. */
export const workdirState = 'home';

/**
 * Makes the home of this call: mode 0700, a fresh name below RUNNER_TEMP, a marker inside. The path
 * is remembered before anything is there, so that the post step finds it after a kill as well.
 * Throws a Problem `platform`.
 */
export async function createWorkdir(runner: Pick<Runner, 'env' | 'saveState'>): Promise<Workdir> {
  const root = await workdirRoot(runner.env);
  const path = join(root, `machine-id-${randomBytes(8).toString('hex')}`);
  writingBelow(root, () => runner.saveState(workdirState, path));
  try {
    await mkdir(path, { mode: 0o700 });
    if (process.platform === 'win32') await (await import('./windows.ts')).restrictToOwner(path);
    const processes = [await markProcess(process.pid)];
    const marker: Marker = { job: jobOf(runner.env), processes, exported: [] };
    await writeMarker(path, marker);
    await mkdir(programsOf({ path }), { mode: 0o700 });
    return { path, marker };
  } catch (error) {
    throw unwritable(root, error);
  }
}

/** The folder of a home that later steps have on their PATH: tbot and nothing else. */
export function programsOf(workdir: Pick<Workdir, 'path'>): string {
  return join(workdir.path, 'bin');
}

/** Where homes are made: RUNNER_TEMP with its links resolved. Throws a Problem `platform`. */
export async function workdirRoot(env: Environment): Promise<string> {
  const temp = env['RUNNER_TEMP'];
  if (!temp)
    throw new Problem({
      code: 'platform',
      what: 'RUNNER_TEMP is not set, so there is no private place for credentials.',
      fix: 'Run this action on a GitHub Actions runner, which sets it.',
    });
  return realpath(temp).catch((error: unknown) => {
    throw unwritable(temp, error);
  });
}

/**
 * The home with another marker, which is on the disk when this returns. Throws a Problem `platform`.
 */
export async function changeMarker(path: string, marker: Marker): Promise<Workdir> {
  await writeMarker(path, marker).catch(explainUnwritable(path));
  return { path, marker };
}

/** Writes a new file of mode 0600 into a home; answers its path. Throws a Problem `platform`. */
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

/** Tells one job of a runner from the next one; RUNNER_TRACKING_ID alone would do where it is set. */
export function jobOf(env: Environment): string {
  const names = [
    'GITHUB_REPOSITORY',
    'GITHUB_RUN_ID',
    'GITHUB_RUN_ATTEMPT',
    'GITHUB_JOB',
    'RUNNER_TRACKING_ID',
  ];
  return names.map((name) => env[name] ?? '').join(' ');
}

/**
 * Tells the runner something, which it takes by files of its own below this path. Throws a Problem
 * `platform` for what the system says; anything else is a bug of ours.
 */
export function writingBelow(path: string, tell: () => void): void {
  try {
    tell();
  } catch (error) {
    throw error instanceof Error && 'syscall' in error ? unwritable(path, error) : error;
  }
}

/** What a file system that takes no files means for the user. */
export function unwritable(path: string, error: unknown): Problem {
  const code = codeOf(error) ?? '';
  const reasons: Readonly<Record<string, string>> = {
    ENOSPC: 'the disk is full',
    EDQUOT: 'the disk quota is used up',
    EROFS: 'the file system is read-only',
    EACCES: 'this user may not write there',
    EPERM: 'this user may not write there',
    ENOENT: 'it does not exist',
    ENOTDIR: 'it is not a directory',
  };
  return new Problem({
    code: 'platform',
    what: `Nothing can be written below ${path}: ${reasons[code] ?? String(error)}.`,
    fix: "Free or mend the runner's temporary directory (RUNNER_TEMP) and run the job again.",
    cause: error,
  });
}
