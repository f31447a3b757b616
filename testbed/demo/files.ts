import { lstat, readdir } from 'node:fs/promises';
import { join, relative } from 'node:path';

/** A file of the action during the job. */
export interface JobFile {
  /** Path below RUNNER_TEMP. */
  readonly path: string;
  /** As `ls -l` prints it, such as `-rw-------`. */
  readonly mode: string;
  readonly size: number;
}

/** Returns all files below a folder, without the folders themselves. */
export async function filesBelow(temp: string): Promise<readonly JobFile[]> {
  const entries = await readdir(temp, { recursive: true, withFileTypes: true });
  const paths = entries
    .filter((entry) => !entry.isDirectory())
    .map((entry) => join(entry.parentPath, entry.name));
  return await Promise.all(
    paths.toSorted().map(async (path) => {
      const { mode, size } = await lstat(path);
      return { path: relative(temp, path), mode: modeText(mode), size };
    }),
  );
}

const kinds: Readonly<Record<number, string>> = { 0o12: 'l', 0o14: 's', 0o01: 'p' };
const permissions = ['---', '--x', '-w-', '-wx', 'r--', 'r-x', 'rw-', 'rwx'];

function modeText(mode: number): string {
  const classes = [mode >> 6, mode >> 3, mode].map((bits) => permissions[bits & 7]);
  return [kinds[mode >> 12] ?? '-', ...classes].join('');
}
