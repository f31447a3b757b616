import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Failure } from '../failure.ts';

/** Reads a file of `start`. Throws a Failure with Go's message. */
export function readArtifact(destination: string, name: string): string {
  const path = join(destination, name);
  try {
    return readFileSync(path, 'utf8');
  } catch {
    throw new Failure(`open ${path}: no such file or directory`);
  }
}
