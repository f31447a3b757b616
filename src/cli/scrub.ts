import { existsSync } from 'node:fs';
import { cleanUp } from '../cleanup.ts';
import type { TextPort } from '../ci/shell/text-port.ts';
import type { CiPort } from '../ci/port.ts';
import { messageOf } from '../problem.ts';
import { callsOf } from '../workdir/calls.ts';
import { leftoverTitle } from '../workdir/leftover.ts';
import { workdirRoot, workdirState } from '../workdir/workdir.ts';
import { removeExports } from './exports.ts';

/** Name of the saved value with the path of a file of `--exports`. */
export const exportsState = 'exports';

/**
 * Removes everything that the commands of this job have created, and sets the variables to restore.
 * Prints nothing if there is nothing to remove. Returns whether nothing remains. Never throws.
 */
export async function scrub(port: TextPort, restores: boolean): Promise<boolean> {
  const remains = await remainsOf(port, restores).catch((error: unknown) => [messageOf(error)]);
  for (const text of remains) port.warning(leftoverTitle, text);
  return remains.length === 0;
}

async function remainsOf(port: TextPort, restores: boolean): Promise<readonly string[]> {
  const { directories, job, saved } = port;
  const root = await workdirRoot(directories);
  const { own } = await callsOf(job.key, root);
  const all = new Set([...saved.values(workdirState), ...own.map(({ path }) => path)]);
  const kept = port.system.keptState?.(workdirState, port.env);
  const paths = [...all].filter((path) => kept === undefined || path === kept);
  // Without a file to source, no command can change the variables of the shell.
  const ci: CiPort = restores ? port : { ...port, env: {} };
  const remains = await cleanUp({ paths, root, moment: 'this command' }, ci);
  for (const path of saved.values(exportsState)) await removeExports(path);
  if (remains.length === 0 && ![...all].some(existsSync)) saved.clear();
  return remains;
}

/** Removes what a failed command has created, but nothing of earlier commands. Never throws. */
export async function undo(port: TextPort, earlier: readonly string[]): Promise<void> {
  const { directories, saved } = port;
  const paths = saved.values(workdirState).filter((path) => !earlier.includes(path));
  try {
    const root = await workdirRoot(directories);
    const ci = { ...port, env: {} };
    const remains = await cleanUp({ paths, root, moment: 'the end of this command' }, ci);
    for (const text of remains) port.warning(leftoverTitle, text);
    if (remains.length === 0 && earlier.length === 0) saved.clear();
  } catch (error) {
    if (paths.length > 0) port.warning(leftoverTitle, messageOf(error));
  }
}
