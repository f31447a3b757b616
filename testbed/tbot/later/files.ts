import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Failure } from '../failure.ts';

/** Reads a file that `start` wrote; throws a Failure in Go's words. */
export function readArtifact(destination: string, name: string): string {
  const path = join(destination, name);
  try {
    return readFileSync(path, 'utf8');
  } catch {
    throw new Failure(`open ${path}: no such file or directory`);
  }
}
