import { chmod, lstat, readdir, rmdir, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import { type Failure, failureAt } from './leftover.ts';

/** The result of a deletion, which continues after a failure. */
export interface Deletion {
  /** Number of deleted files and links. */
  readonly files: number;
  readonly failures: readonly Failure[];
}

/** Deletes paths in the given order, each with its content. Never throws. */
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

/** Deletes a path with its content. Deletes symbolic links, never their targets. */
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

/**
 * Restores this user's full access to its own folder, because a later step may have removed it
 * (`chmod -R a-w`). Ignores links and the folders of other users. Never throws.
 */
export async function allowOwner(folder: string): Promise<void> {
  const stats = await lstat(folder).catch(() => undefined);
  if (!stats?.isDirectory() || stats.uid !== process.getuid?.()) return;
  const mode = stats.mode & 0o7777;
  if ((mode & 0o700) !== 0o700) await chmod(folder, mode | 0o700).catch(() => undefined);
}
