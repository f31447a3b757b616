import { readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { isRunning, markProcess } from '../../src/workdir/processes.ts';
import type { Recording } from '../recording.ts';

/** Inputs of a background call that renews often. */
export const background = { mode: 'background', 'renewal-interval': '300ms' } as const;

/** Waits until a file matches after `from`, a number of characters. Returns its length. */
export async function matches(path: string, pattern: RegExp, from = 0): Promise<number> {
  for (;;) {
    const text = await readFile(path, 'utf8').catch(() => '');
    if (pattern.test(text.slice(from))) return text.length;
    await pause(10);
  }
}

/** Waits until a file has another content than before. */
export async function rewritten(path: string): Promise<void> {
  const before = await readFile(path, 'utf8');
  for (;;) {
    const text = await readFile(path, 'utf8').catch(() => '');
    if (text !== '' && text !== before) return;
    await pause(10);
  }
}

/** Waits until a process has ended. */
export async function gone(pid: number): Promise<void> {
  const mark = await markProcess(pid);
  while (await isRunning(mark)) await pause(10);
}

/** Returns the process ID in the outputs. */
export function pidIn(recording: Recording): number {
  return Number(recording.values('output')['pid']);
}

/** Returns the path of tbot's log in the outputs. */
export function logIn(recording: Recording): string {
  return recording.values('output')['log-file'] ?? '';
}

/** A failed attempt to renew the bot's identity, in the words of tbot 15 and of later releases. */
export const identityFailed = /identity renewal attempt \d|\[TBOT:IDEN\] Task failed/;

/** A successful renewal of the bot's identity. */
export const identityRenewed = /Renewed bot identity|Task succeeded\. .*task:bot-identity-renewal/;

/** Returns the titles of annotations. */
export function codesOf(
  annotations: readonly (readonly string[])[],
): readonly (string | undefined)[] {
  return annotations.map(([title]) => title);
}

/** Throws an error if a folder is not empty, and empties it for the next test. */
export async function nothingLeft(folder: string): Promise<void> {
  const left = await readdir(folder);
  for (const name of left) await rm(join(folder, name), { recursive: true });
  if (left.length > 0) throw new Error(`left in ${folder}: ${left.join(', ')}`);
}
