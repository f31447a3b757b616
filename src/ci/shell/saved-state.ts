import { createHash } from 'node:crypto';
import {
  closeSync,
  constants,
  existsSync,
  fstatSync,
  lstatSync,
  openSync,
  readdirSync,
  readFileSync,
  unlinkSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import { isRecord, parseJson } from '../../text/json.ts';

/** A value that a command of the job has saved for `machine-id scrub`. */
interface SavedValue {
  readonly name: string;
  readonly value: string;
}

/**
 * The values that the commands of a job save for each other. The file is found by the temporary
 * directory and the job alone, because the last command of a job may have no variables of the first.
 */
export interface SavedState {
  /** Throws the system's error, with the `path` of the file. */
  readonly save: (name: string, value: string) => void;
  /** Returns all values of a name, the oldest first; none if the file is not of this user. */
  readonly values: (name: string) => readonly string[];
  /** Whether a command of the job has saved a value. */
  readonly exists: () => boolean;
  /** Removes the file. Never throws. */
  readonly clear: () => void;
}

export function savedState(temp: string | undefined, job: string): SavedState {
  const path = temp === undefined ? undefined : stateFile(temp, job);
  return {
    save: (name, value) => append(path ?? '', `${JSON.stringify({ name, value })}\n`),
    values: (name) =>
      (path === undefined ? [] : read(path)).flatMap((one) =>
        one.name === name ? [one.value] : [],
      ),
    exists: () => path !== undefined && read(path).length > 0,
    clear: () => {
      if (path !== undefined && read(path).length > 0) unlinkSync(path);
    },
  };
}

/** Milliseconds. */
const day = 24 * 3_600_000;

/**
 * Removes the files of jobs that were killed: those that are older than a day and name nothing that still
 * exists. Never throws.
 */
export function sweepStates(temp: string | undefined): void {
  if (temp === undefined) return;
  try {
    for (const name of readdirSync(temp).filter((one) => stateName.test(one))) {
      const path = join(temp, name);
      const unused = read(path).every(({ value }) => !existsSync(value));
      if (unused && Date.now() - lstatSync(path).mtimeMs > day) unlinkSync(path);
    }
  } catch {
    // A later command tries again.
  }
}

const stateName = /^machine-id-[0-9a-f]{16}\.state$/;

/** Other users share the directory, and their jobs can have the same name. */
function stateFile(temp: string, job: string): string {
  const key = JSON.stringify([process.getuid?.(), job]);
  return join(
    temp,
    `machine-id-${createHash('sha256').update(key).digest('hex').slice(0, 16)}.state`,
  );
}

const { O_APPEND, O_CREAT, O_NOFOLLOW, O_RDONLY, O_WRONLY } = constants;

/** One write for each value, because commands of a job can run at the same time. */
function append(path: string, line: string): void {
  const file = openSync(path, O_WRONLY | O_APPEND | O_CREAT | O_NOFOLLOW, 0o600);
  try {
    if (!isOwn(file))
      throw Object.assign(new Error(`${path} belongs to another user`), {
        code: 'EACCES',
        syscall: 'open',
        path,
      });
    writeSync(file, line);
  } finally {
    closeSync(file);
  }
}

function read(path: string): readonly SavedValue[] {
  try {
    const file = openSync(path, O_RDONLY | O_NOFOLLOW);
    try {
      const lines = isOwn(file) ? readFileSync(file, 'utf8').split('\n') : [];
      return lines.map(parseJson).filter(isSavedValue);
    } finally {
      closeSync(file);
    }
  } catch {
    return [];
  }
}

function isOwn(file: number): boolean {
  const stats = fstatSync(file);
  return stats.isFile() && stats.uid === (process.getuid?.() ?? stats.uid);
}

function isSavedValue(json: unknown): json is SavedValue {
  return isRecord(json) && typeof json['name'] === 'string' && typeof json['value'] === 'string';
}
