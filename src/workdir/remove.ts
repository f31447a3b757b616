import { rmdirSync, rmSync, type Stats } from 'node:fs';
import { lstat, readdir } from 'node:fs/promises';
import { basename, delimiter, join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { Environment } from '../ci/port.ts';
import { allowOwner, deleteAll, type Deletion, type Failure, failureAt } from './delete.ts';
import { workdirName, programsOf } from './workdir.ts';
import { describeFailures, type Leftover } from './leftover.ts';
import {
  type ExportedVariable,
  isNewHome,
  type Marker,
  markerName,
  readMarker,
  writeMarker,
} from './marker.ts';
import { endProcesses } from './processes.ts';
import { isTaken } from '../files/files.ts';
import { codeOf } from '../text/error-code.ts';

export type Removal =
  /** Nothing was there. */
  | { readonly kind: 'absent' }
  | (Found & {
      readonly kind: 'removed';
      readonly files: number;
      /** Ids of processes of ours that still ran and were ended. */
      readonly ended: readonly number[];
      /** When the first of the credentials ended or ends (RFC 3339); absent when there were none. */
      readonly expiresAt?: string;
    })
  /** Something is there that is not ours or could not be removed. */
  | (Found & Leftover & { readonly kind: 'left' });

/** What the marker of a home records. */
interface Found {
  readonly exported: readonly ExportedVariable[];
  /** The marker is missing or damaged, although the home was in use. */
  readonly markerLost?: true;
}

/** Milliseconds between the polite and the last signal: post steps of a cancelled job are timed. */
const grace = 1500;

/** Replaces a lost marker. It names no job, so every later run may remove the home. */
const unmarked: Marker = { job: '', processes: [], exported: [] };

/**
 * Removes a home with everything in it: first ends what still writes there, then deletes, then looks
 * again. Refuses a path that is not a home of ours: wrong place or name, a link, another owner.
 * Without a marker it ends no process and knows no variables. Never throws.
 */
export async function removeWorkdir(path: string, root: string): Promise<Removal> {
  const refused = await refusal(path, root);
  if (refused === 'absent') return { kind: 'absent' };
  if (refused) return { kind: 'left', ...refused, exported: [] };
  await allowOwner(path);
  const marker = await readMarker(path);
  if (marker || (await isNewHome(path))) return removeHome(path, marker ?? unmarked);
  // Later runs recognize the home if the removal is interrupted.
  await writeMarker(path, unmarked).catch(() => undefined);
  return { ...(await removeHome(path, unmarked)), markerLost: true };
}

async function removeHome(
  workdir: string,
  marker: Marker,
): Promise<Exclude<Removal, { kind: 'absent' }>> {
  const { exported, expiresAt } = marker;
  const ended = await endProcesses(marker.processes, grace);
  let files = 0;
  let failures: readonly Failure[] = [];
  for (let tries = 0; tries < 3; tries += 1) {
    if (tries > 0) await pause(100);
    const deletion = await deleteHome(workdir);
    files += deletion.files;
    ({ failures } = deletion);
    if (failures.length === 0 && !(await isTaken(workdir)))
      return { kind: 'removed', files, ended, exported, ...(expiresAt ? { expiresAt } : {}) };
  }
  // Later runs recognize the home by its marker.
  await writeMarker(workdir, marker).catch(() => undefined);
  return { kind: 'left', ...(await describeFailures(workdir, failures)), exported };
}

/**
 * Deletes secrets first, then the programs, which are large, and the marker last, so that a later run
 * recognizes the home if this is interrupted.
 */
async function deleteHome(workdir: string): Promise<Deletion> {
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
    // Synchronous, so that almost nothing can interrupt between the two.
    rmSync(join(workdir, markerName), { force: true, recursive: true });
    rmdirSync(workdir);
    return { files, failures: [] };
  } catch (error) {
    return { files, failures: failureAt(workdir, error) };
  }
}

async function refusal(path: string, root: string): Promise<Leftover | 'absent' | undefined> {
  // Exactly so: behind a link, a `/` at the end would mean what it points to.
  if (path !== join(root, basename(path)) || !workdirName.test(basename(path)))
    return {
      why: `it is not a directory of ours below ${root}`,
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
 * Whose a home is. Root is not another account: a container that runs as root can change owners.
 * Windows has no such ids.
 */
export function ownerOf({ uid }: Pick<Stats, 'uid'>): 'self' | 'root' | 'other' {
  const user = process.getuid?.() ?? uid;
  if (uid === user) return 'self';
  return uid === 0 ? 'root' : 'other';
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
