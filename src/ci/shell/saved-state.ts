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
  for (const name of namesIn(temp).filter((one) => stateName.test(one))) {
    try {
      const path = join(temp ?? '', name);
      const { uid, mtimeMs } = lstatSync(path);
      if (!isUser(uid) || Date.now() - mtimeMs <= day) continue;
      if (read(path).every(({ value }) => !existsSync(value))) unlinkSync(path);
    } catch {
      // A later command tries again.
    }
  }
}

function namesIn(folder: string | undefined): readonly string[] {
  try {
    return folder === undefined ? [] : readdirSync(folder);
  } catch {
    return [];
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

// With O_NONBLOCK, a pipe of another user does not block this process.
const { O_APPEND, O_CREAT, O_NOFOLLOW, O_NONBLOCK, O_RDONLY, O_WRONLY } = constants;

/** One write for each value, because commands of a job can run at the same time. */
function append(path: string, line: string): void {
  const file = openSync(path, O_WRONLY | O_APPEND | O_CREAT | O_NOFOLLOW | O_NONBLOCK, 0o600);
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
    const file = openSync(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK);
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

/** Another user can create a hard link to a file of this user. */
function isOwn(file: number): boolean {
  const stats = fstatSync(file);
  return stats.isFile() && stats.nlink === 1 && isUser(stats.uid);
}

/** Windows has no user ids. */
function isUser(uid: number): boolean {
  return uid === (process.getuid?.() ?? uid);
}

function isSavedValue(json: unknown): json is SavedValue {
  return isRecord(json) && typeof json['name'] === 'string' && typeof json['value'] === 'string';
}
