import { randomUUID } from 'node:crypto';
import { rm } from 'node:fs/promises';
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

/** Does work that writes these files; when it fails, they are gone. */
export async function orNothing<T>(files: readonly string[], work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    for (const file of files) await rm(file, { force: true });
    throw error;
  }
}
