import { lstat, readdir, rm, rmdir, unlink } from 'node:fs/promises';
import { basename, delimiter, join } from 'node:path';
import type { Environment } from '../runner.ts';
import { homeName } from './home.ts';
import { type ExportedVariable, type Marker, readMarker, unfinishedMarker } from './marker.ts';
import { endProcesses } from './processes.ts';
import { isTaken } from '../files/look.ts';

export type Scrubbed =
  /** Nothing was there. */
  | { readonly kind: 'absent' }
  | {
      readonly kind: 'removed';
      readonly files: number;
      /** Ids of processes of ours that still ran and were ended. */
      readonly ended: readonly number[];
      readonly exported: readonly ExportedVariable[];
      /** When the first of the credentials ended or ends (RFC 3339); absent when there were none. */
      readonly expiresAt?: string;
    }
  /** Something is there that is not ours or could not be removed; why, in half a sentence. */
  | { readonly kind: 'left'; readonly why: string; readonly exported: readonly ExportedVariable[] };

/** Milliseconds between the polite and the last signal: post steps of a cancelled job are timed. */
const grace = 1500;

/**
 * Removes a home with everything in it: first ends what still writes there, then deletes, then looks
 * again. Refuses a path that is not a home of ours: wrong place or name, a link, another owner, no
 * marker. Never throws.
 */
export async function scrubHome(path: string, root: string): Promise<Scrubbed> {
  const refused = await refusal(path, root);
  if (refused === 'absent') return { kind: 'absent' };
  if (refused !== undefined) return { kind: 'left', why: refused, exported: [] };
  const marker = await readMarker(path);
  if (!marker) return removeEmpty(path);
  return removeMarked(path, marker);
}

async function removeMarked(path: string, marker: Marker): Promise<Scrubbed> {
  const ended = await endProcesses(marker.processes, grace);
  const files = await countFiles(path);
  let why = 'something writes into it again and again';
  for (let tries = 0; tries < 3; tries += 1) {
    await rm(path, { recursive: true, force: true, maxRetries: 2 }).catch((error: unknown) => {
      why = String(error);
    });
    if (!(await isTaken(path))) return removed(files, ended, marker);
  }
  return { kind: 'left', why, exported: marker.exported };
}

function removed(files: number, ended: readonly number[], marker: Marker): Scrubbed {
  const { exported, expiresAt } = marker;
  return { kind: 'removed', files, ended, exported, ...(expiresAt ? { expiresAt } : {}) };
}

/** A main that died between making the home and marking it leaves it empty, or nearly so. */
async function removeEmpty(path: string): Promise<Scrubbed> {
  try {
    const unfinished = (await readdir(path)).filter((name) => unfinishedMarker.test(name));
    for (const name of unfinished) await unlink(join(path, name));
    await rmdir(path);
    return { kind: 'removed', files: 0, ended: [], exported: [] };
  } catch {
    return { kind: 'left', why: 'it does not carry our marker', exported: [] };
  }
}

async function refusal(path: string, root: string): Promise<string | undefined> {
  // Exactly so: behind a link, a `/` at the end would mean what it points to.
  if (path !== join(root, basename(path)) || !homeName.test(basename(path)))
    return `it is not a directory of ours below ${root}`;
  const stats = await lstat(path).catch(() => undefined);
  if (!stats) return 'absent';
  if (!stats.isDirectory()) return 'it is not a directory';
  const user = process.getuid?.();
  if (user !== undefined && stats.uid !== user) return 'it belongs to another user';
  return undefined;
}

async function countFiles(directory: string): Promise<number> {
  const entries = await readdir(directory, { recursive: true, withFileTypes: true }).catch(
    () => [],
  );
  return entries.filter((entry) => !entry.isDirectory()).length;
}

/**
 * What the variables that we exported shall hold from now on: nothing, or what was there before,
 * unless that was ours too and is gone. A variable that somebody has changed since is left alone.
 */
export async function restoredVariables(
  exported: readonly ExportedVariable[],
  env: Environment,
): Promise<readonly { readonly name: string; readonly value: string }[]> {
  const ours = exported.filter(({ name, value }) => env[name] === value);
  return Promise.all(
    ours.map(async ({ name, before }) => ({ name, value: await withoutGoneHomes(before) })),
  );
}

/** A value such as KUBECONFIG may be several paths. */
async function withoutGoneHomes(value: string): Promise<string> {
  const kept: string[] = [];
  for (const path of value.split(delimiter)) if (!(await isGoneHome(path))) kept.push(path);
  return kept.join(delimiter);
}

async function isGoneHome(value: string): Promise<boolean> {
  const inHome = /^(.*[\\/]machine-id-[0-9a-f]{16})(?:[\\/]|$)/.exec(value);
  return inHome?.[1] !== undefined && !(await isTaken(inHome[1]));
}
