import { accessSync, constants, readdirSync } from 'node:fs';
import { join } from 'node:path';

const postgres = '/usr/lib/postgresql';

/** Where programs are that no PATH of an ordinary user names. */
const folders = ['/usr/bin', '/bin', '/usr/sbin', '/sbin', '/usr/local/bin', ...postgresFolders()];

function postgresFolders(): string[] {
  try {
    return readdirSync(postgres)
      .toSorted((one, other) => Number(other) - Number(one))
      .map((version) => join(postgres, version, 'bin'));
  } catch {
    return [];
  }
}

/** The path of a program; where it is missing this says what is skipped for it. */
export function findProgram(name: string, skipped: string): string | undefined {
  const found = folders.map((folder) => join(folder, name)).find(isExecutable);
  if (found === undefined) console.log(`skipped: ${name} is not installed, so ${skipped}`);
  return found;
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** The environment of real programs: nothing of ours. */
export const environment = { PATH: '/usr/bin:/bin:/usr/sbin:/sbin', LC_ALL: 'C.UTF-8' } as const;
