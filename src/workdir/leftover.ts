import { lstat } from 'node:fs/promises';
import { dirname, relative } from 'node:path';
import { command } from '../text/shell.ts';
import type { Failure } from './delete.ts';

export const leftoverTitle = 'machine-id-action: leftover';

/** Why a directory was not removed, as the end of a sentence, and what to do, in sentences. */
export interface Leftover {
  readonly why: string;
  readonly fix?: string;
}

const valid = 'Credentials in it are valid until they expire.';
const usualFix = `Check its owner and its permissions, and remove it manually. ${valid}`;

export function leftoverText(path: string, { why, fix = usualFix }: Leftover): string {
  return `${path} could not be removed: ${why}. ${fix}`;
}

/** Describes what could not be deleted of a private directory. */
export async function describeFailures(
  workdir: string,
  failures: readonly Failure[],
): Promise<Leftover> {
  const [first] = failures;
  if (first === undefined) return { why: 'a process keeps writing to it' };
  const owner = await otherOwner(first.path);
  const names = failures.slice(0, 3).map(({ path }) => relative(workdir, path) || path);
  const more = failures.length > 3 ? ` and ${failures.length - 3} more` : '';
  const what = `cannot delete ${names.join(', ')}${more}`;
  if (owner === undefined) return { why: `${what} (${first.code})` };
  return {
    why: `${what} (${first.code}, owned by ${owner === 0 ? 'root' : `user ${owner}`})`,
    fix: `A container that runs as another user can leave such files. Run ${command('sudo', 'rm', '-rf', workdir)} on the runner, and run the container as the runner's user (\`docker run --user\`). ${valid}`,
  };
}

/** The other user to whom a path or its folder belongs; either can prevent its deletion. */
async function otherOwner(path: string): Promise<number | undefined> {
  const user = process.getuid?.();
  if (user === undefined) return undefined;
  for (const place of [path, dirname(path)]) {
    const stats = await lstat(place).catch(() => undefined);
    if (stats && stats.uid !== user) return stats.uid;
  }
  return undefined;
}
