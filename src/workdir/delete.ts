import { chmod, lstat, readdir, rmdir, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import { codeOf } from '../text/error-code.ts';

/** The result of a deletion, which goes on after a failure. */
export interface Deletion {
  /** How many files and links were deleted. */
  readonly files: number;
  readonly failures: readonly Failure[];
}

export interface Failure {
  readonly path: string;
  /** The code of the system's error, such as `EACCES`. */
  readonly code: string;
}

/** Deletes several paths in this order, each with everything below it. Never throws. */
export async function deleteAll(paths: readonly string[]): Promise<Deletion> {
  let files = 0;
  const failures: Failure[] = [];
  for (const path of paths) {
    const deletion = await deleteTree(path);
    files += deletion.files;
    failures.push(...deletion.failures);
  }
  return { files, failures };
}

/** Deletes a link itself, never what it leads to. */
async function deleteTree(path: string): Promise<Deletion> {
  try {
    const stats = await lstat(path);
    if (stats.isDirectory()) return await deleteFolder(path);
    await unlink(path);
    return { files: 1, failures: [] };
  } catch (error) {
    return { files: 0, failures: failureAt(path, error) };
  }
}

async function deleteFolder(path: string): Promise<Deletion> {
  await allowOwner(path);
  // An empty folder can be deleted even if it cannot be read.
  const names = await readdir(path).catch(() => []);
  const below = await deleteAll(names.map((name) => join(path, name)));
  if (below.failures.length > 0) return below;
  return rmdir(path).then(
    () => below,
    (error: unknown) => ({ files: below.files, failures: failureAt(path, error) }),
  );
}

/** A path that is gone is not a failure. */
export function failureAt(path: string, error: unknown): readonly Failure[] {
  const code = codeOf(error) ?? String(error);
  return code === 'ENOENT' ? [] : [{ path, code }];
}

/**
 * Gives this user full access to a folder of its own, which a later step may have removed
 * (`chmod -R a-w`). Changes nothing behind a link or that belongs to another user. Never throws.
 */
export async function allowOwner(folder: string): Promise<void> {
  const stats = await lstat(folder).catch(() => undefined);
  if (!stats?.isDirectory() || stats.uid !== process.getuid?.()) return;
  const mode = stats.mode & 0o7777;
  if ((mode & 0o700) !== 0o700) await chmod(folder, mode | 0o700).catch(() => undefined);
}
