import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { PlannedService } from '../service.ts';
import { secretsIn } from './secrets.ts';

/**
 * Masks the keys and tokens in everything that tbot wrote for these services, also in files that are
 * incomplete or that no service should have. Reads what it can and never throws: it also runs after a
 * failure, before the log of tbot is shown.
 */
export function maskWritten(
  services: readonly Pick<PlannedService, 'dir'>[],
  mask: (secret: string) => void,
): void {
  const secrets = services.flatMap(({ dir }) => filesBelow(dir)).flatMap(secretsOf);
  for (const secret of new Set(secrets)) mask(secret);
}

function filesBelow(dir: string): readonly string[] {
  try {
    return readdirSync(dir, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map(({ parentPath, name }) => join(parentPath, name));
  } catch {
    // tbot makes the folder, and may not have come that far.
    return [];
  }
}

function secretsOf(file: string): readonly string[] {
  try {
    return secretsIn(readFileSync(file, 'utf8'));
  } catch {
    return [];
  }
}
