import { constants } from 'node:fs';
import { type FileHandle, open, rm } from 'node:fs/promises';
import { StringDecoder } from 'node:string_decoder';
import { bytesAt } from '../files/files.ts';

/** Name of tbot's log file in the private directory. */
export const logName = 'tbot.log';

/** The end of a log that is read later, in bytes. */
const tailSize = 1024 * 1024;

/** Creates an empty log file with mode 0600, in place of that of an earlier attempt. */
export async function createLog(path: string): Promise<FileHandle> {
  await rm(path, { force: true });
  const { O_WRONLY, O_CREAT, O_EXCL, O_APPEND, O_NOFOLLOW } = constants;
  return open(path, O_WRONLY | O_CREAT | O_EXCL | O_APPEND | O_NOFOLLOW, 0o600);
}

/** A log file that another process writes. */
export interface FollowedLog extends AsyncDisposable {
  /**
   * Returns the lines that were completed since the last call; with `ended`, also a last line without
   * a line break.
   */
  readonly read: (ended: boolean) => Promise<readonly string[]>;
}

/** Opens a log file to read it while it grows. */
export async function followLog(path: string): Promise<FollowedLog> {
  const file = await openLog(path);
  const decoder = new StringDecoder('utf8');
  let offset = 0;
  let unfinished = '';
  return {
    read: async (ended) => {
      const lines: string[] = [];
      for (;;) {
        const bytes = await bytesAt(file, offset, 64 * 1024);
        if (bytes.length === 0) return ended && unfinished !== '' ? [...lines, unfinished] : lines;
        offset += bytes.length;
        const [first = '', ...rest] = decoder.write(bytes).split('\n');
        lines.push(...[unfinished + first, ...rest].map(withoutReturn));
        unfinished = lines.pop() ?? '';
      }
    },
    [Symbol.asyncDispose]: async () => file.close(),
  };
}

/** Reads the end of a log file. Returns no lines if it cannot be read. */
export async function readLog(
  path: string,
): Promise<{ readonly lines: readonly string[]; readonly changedAt: Date | undefined }> {
  try {
    await using file = await openLog(path);
    const { size, mtime } = await file.stat();
    const bytes = await bytesAt(file, Math.max(0, size - tailSize), tailSize);
    const lines = bytes.toString('utf8').split('\n').map(withoutReturn);
    return { lines: size > tailSize ? lines.slice(1) : lines, changedAt: mtime };
  } catch {
    return { lines: [], changedAt: undefined };
  }
}

async function openLog(path: string): Promise<FileHandle> {
  return open(path, constants.O_RDONLY | constants.O_NOFOLLOW);
}

function withoutReturn(line: string): string {
  return line.replace(/\r$/, '');
}
