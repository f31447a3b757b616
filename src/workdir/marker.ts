import { constants } from 'node:fs';
import { lstat, open, readdir, readFile, rename, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import { isRecord, parseJson } from '../text/json.ts';

/** A process that may still write into the home: its id and, where known, when it started. */
export interface ProcessMark {
  readonly pid: number;
  readonly started: string | undefined;
}

/** A variable that later steps were given: its value and the one it had before. */
export interface ExportedVariable {
  readonly name: string;
  readonly value: string;
  readonly before: string;
}

/**
 * What a home says about itself, in a file that holds no secret. Any step of the job can read it,
 * while state reaches the post step of its own step alone.
 */
export interface Marker {
  readonly job: string;
  readonly processes: readonly ProcessMark[];
  readonly exported: readonly ExportedVariable[];
  /** The address by which it joined, `host:port`, once it has exported anything. */
  readonly endpoint?: string;
  /** When the first of the credentials ends (RFC 3339), once they are there. */
  readonly expiresAt?: string;
}

/** The marker's file in a home. */
export const markerName = '.machine-id-action.json';
const format = 'machine-id-action/1';

/** A marker that was being written when its writer died. */
const unfinishedMarker = /^\.machine-id-action\.json\.\d+$/;

/**
 * Writes the marker of a home whole or not at all, mode 0600, never through a link. Without it the
 * home could not be removed any more, so it is made to outlive a power cut.
 */
export async function writeMarker(workdir: string, marker: Marker): Promise<void> {
  const beside = join(workdir, `${markerName}.${process.pid}`);
  const text = JSON.stringify({ format, ...marker });
  await writePrivately(beside, text, { reuse: true, flush: true });
  await rename(beside, join(workdir, markerName));
}

/** The marker of a home; undefined when there is none or it is not one of ours. */
export async function readMarker(workdir: string): Promise<Marker | undefined> {
  const path = join(workdir, markerName);
  const stats = await lstat(path).catch(() => undefined);
  if (!stats?.isFile() || stats.size > 1_000_000) return undefined;
  try {
    return markerOf(parseJson(await readFile(path, 'utf8')));
  } catch {
    return undefined;
  }
}

/**
 * Whether a home holds nothing but an unfinished marker. Its main has just made it, or died before it
 * could mark it, so it holds no secret.
 */
export async function isNewHome(workdir: string): Promise<boolean> {
  const names = await readdir(workdir).catch(() => undefined);
  return names?.every((name) => unfinishedMarker.test(name)) ?? false;
}

/**
 * Creates a file of mode 0600, refusing to follow a link and, unless told, to reuse a file. A text
 * that could not be written whole leaves no file.
 */
export async function writePrivately(
  path: string,
  text: string,
  { reuse = false, flush = false } = {},
): Promise<void> {
  // Windows has no O_NOFOLLOW; `|` takes that for 0.
  const { O_WRONLY, O_CREAT, O_EXCL, O_TRUNC, O_NOFOLLOW } = constants;
  const flags = O_WRONLY | O_CREAT | O_NOFOLLOW | (reuse ? O_TRUNC : O_EXCL);
  await using file = await open(path, flags, 0o600);
  try {
    await file.writeFile(text);
    if (flush) await file.sync();
  } catch (error) {
    await unlink(path).catch(() => undefined);
    throw error;
  }
}

function markerOf(json: unknown): Marker | undefined {
  if (!isRecord(json) || json['format'] !== format || typeof json['job'] !== 'string')
    return undefined;
  const { job, processes, exported } = json;
  if (!Array.isArray(processes) || !Array.isArray(exported)) return undefined;
  if (!processes.every(isProcessMark) || !exported.every(isExportedVariable)) return undefined;
  const { expiresAt, endpoint } = json;
  return {
    job,
    processes,
    exported,
    ...(typeof endpoint === 'string' ? { endpoint } : {}),
    ...(typeof expiresAt === 'string' ? { expiresAt } : {}),
  };
}

function isProcessMark(json: unknown): json is ProcessMark {
  return (
    isRecord(json) &&
    Number.isSafeInteger(json['pid']) &&
    Number(json['pid']) > 1 &&
    (json['started'] === undefined || typeof json['started'] === 'string')
  );
}

function isExportedVariable(json: unknown): json is ExportedVariable {
  return (
    isRecord(json) && ['name', 'value', 'before'].every((key) => typeof json[key] === 'string')
  );
}
