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
export function partOf(directory: string, program: string): string {
  return join(directory, `.${program}-${randomUUID()}`);
}

/** What installations left in a folder that were killed a day ago or earlier; others may be at work. */
export async function removeStaleParts(directory: string): Promise<void> {
  for (const name of await readdir(directory)) {
    if (!part.test(name)) continue;
    const path = join(directory, name);
    const { mtimeMs = Date.now() } = (await lstat(path).catch(() => undefined)) ?? {};
    if (Date.now() - mtimeMs > day) await rm(path, { force: true });
  }
}

const part = /^\.(?:tbot|tsh|tctl)-[0-9a-f]{8}-[0-9a-f-]{27}/;
const day = 24 * 60 * 60 * 1000;

/** Does work that writes these files; when it fails, they are gone. */
export async function orNothing<T>(files: readonly string[], work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    for (const file of files) await rm(file, { force: true });
    throw error;
  }
}
