import { realpath } from 'node:fs/promises';
import { cleanUp, nothing } from './cleanup.ts';
import { leftoverText, leftoverTitle } from './workdir/leftover.ts';
import { workdirState } from './workdir/workdir.ts';
import type { CiPort } from './ci/port.ts';

/**
 * Runs the post step: cleans up after the main step, which may not have run, or may have been killed
 * or cancelled. Prints nothing if `./scrub` has already removed the directory. Never fails the job:
 * reports a warning for everything that remains.
 */
export async function post(ci: CiPort): Promise<void> {
  const path = ci.state(workdirState);
  if (path === '') return ci.info(nothing);
  for (const text of await remainsAfter(path, ci)) ci.warning(leftoverTitle, text);
}

async function remainsAfter(path: string, ci: CiPort): Promise<readonly string[]> {
  try {
    const root = await realpath(ci.directories.temp ?? '');
    return await cleanUp({ paths: [path], root, moment: 'the end of the job' }, ci);
  } catch (error) {
    return [leftoverText(path, { why: String(error) })];
  }
}
