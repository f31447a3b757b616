import { constants } from 'node:fs';
import { lstat, open, readdir, readFile, rename, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import { isRecord, parseJson } from '../text/json.ts';

/**
 * A process that may still write to the private directory. `started` is undefined if it is unknown.
 */
export interface ProcessMark {
  readonly pid: number;
  readonly started: string | undefined;
}

/** A variable exported to later steps, with its value and the one it replaced. */
export interface ExportedVariable {
  readonly name: string;
  readonly value: string;
  readonly before: string;
}

/** A tbot that keeps running until the job ends, and what the explanation of its log depends on. */
export interface BackgroundMark {
  /** Absent while tbot is being started. */
  readonly pid?: number;
  /** Name of its log file. */
  readonly log: string;
  /** It has issued all credentials, so a later failure is one of a renewal. */
  readonly ready: boolean;
  /** Read by `src/background/context.ts`. */
  readonly context: Readonly<Record<string, unknown>>;
}

/**
 * Metadata of a private directory, in a file inside it that contains no secret. Every step of the
 * job can read it, while the state is available only to the post step of the same step.
 */
export interface Marker {
  /** Key of the job that created the directory. */
  readonly job: string;
  readonly processes: readonly ProcessMark[];
  readonly exported: readonly ExportedVariable[];
  /** Position of the call among those of the job that exported variables, from 1. */
  readonly position?: number;
  /** Set in background mode, once tbot has been started. */
  readonly background?: BackgroundMark;
  /** The endpoint that the call joined through, as `host:port`, once credentials are issued. */
  readonly endpoint?: string;
  /** When the first credential expires (RFC 3339), once credentials are issued. */
  readonly expiresAt?: string;
}

/** Name of the marker file. */
export const markerName = '.machine-id-action.json';
const format = 'machine-id-action/1';

/** Names of temporary files that remain when a process dies while it writes the marker. */
const unfinishedMarker = /^\.machine-id-action\.json\.\d+$/;

/**
 * Writes the marker of a private directory atomically, with mode 0600 and never through a link. The
 * directory is recognized by its marker, so the file is flushed to survive a power failure.
 */
export async function writeMarker(workdir: string, marker: Marker): Promise<void> {
  const temporary = join(workdir, `${markerName}.${process.pid}`);
  const text = JSON.stringify({ format, ...marker });
  await writePrivately(temporary, text, { reuse: true, flush: true });
  await rename(temporary, join(workdir, markerName));
}

/** Reads the marker of a private directory. Returns undefined if it is missing or invalid. */
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
 * Returns whether a private directory contains at most an unfinished marker. Its main step has just
 * created it, or died before it wrote the marker, so it contains no secret.
 */
export async function isNewWorkdir(workdir: string): Promise<boolean> {
  const names = await readdir(workdir).catch(() => undefined);
  return names?.every((name) => unfinishedMarker.test(name)) ?? false;
}

/**
 * Creates a file with mode 0600. Fails at a symbolic link, and at an existing file unless `reuse`
 * is set. `flush` waits until the text is on disk. A text that cannot be written completely leaves
 * no file.
 */
export async function writePrivately(
  path: string,
  text: string,
  { reuse = false, flush = false } = {},
): Promise<void> {
  // Undefined on Windows, where `|` treats it as 0.
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
  const { expiresAt, endpoint, position, background } = json;
  return {
    job,
    processes,
    exported,
    ...(typeof position === 'number' ? { position } : {}),
    ...(isBackgroundMark(background) ? { background } : {}),
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

/** The log file must be in the private directory. */
function isBackgroundMark(json: unknown): json is BackgroundMark {
  return (
    isRecord(json) &&
    (json['pid'] === undefined || Number.isSafeInteger(json['pid'])) &&
    /^[\w-]+\.log$/.test(String(json['log'])) &&
    typeof json['ready'] === 'boolean' &&
    isRecord(json['context'])
  );
}

function isExportedVariable(json: unknown): json is ExportedVariable {
  return (
    isRecord(json) && ['name', 'value', 'before'].every((key) => typeof json[key] === 'string')
  );
}
