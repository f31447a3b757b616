import { randomUUID } from 'node:crypto';
import { lstat, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';

/** A program that was fetched and proved, under a name that nobody else uses yet. */
export interface Staged {
  readonly path: string;
  /** SHA-256 of the file, lower-case hex. */
  readonly digest: string;
}

/** Programs by their names (`tbot`, `tsh`, `tctl`). */
export type StagedPrograms = ReadonlyMap<string, Staged>;

/** A path beside the target that no other installation has. */
export function stagingPath(directory: string, program: string): string {
  return join(directory, `.${program}-${randomUUID()}`);
}

/**
 * Removes what installations left in a folder that were killed a day ago or earlier; others may be
 * at work. What can't be removed stays: nobody needs the room so badly.
 */
export async function removeStaleParts(directory: string): Promise<void> {
  for (const name of await readdir(directory).catch(() => [])) {
    if (!part.test(name)) continue;
    const path = join(directory, name);
    const stats = await lstat(path).catch(() => undefined);
    if (stats?.isFile() && Date.now() - stats.mtimeMs > day)
      await rm(path, { force: true }).catch(() => undefined);
  }
}

const part = /^\.(?:tbot|tsh|tctl|archive)-[0-9a-f]{8}-[0-9a-f-]{27}/;
const day = 24 * 60 * 60 * 1000;

/** Does work that writes these files; when it fails, they are gone. */
export async function removeOnFailure<T>(
  files: readonly string[],
  work: () => Promise<T>,
): Promise<T> {
  try {
    return await work();
  } catch (error) {
    for (const file of files) await rm(file, { force: true });
    throw error;
  }
}
