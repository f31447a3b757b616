import { lstat } from 'node:fs/promises';
import { dirname, relative } from 'node:path';
import { command } from '../text/display.ts';
import { codeOf } from '../text/error-code.ts';

/** Title of annotations about private directories that could not be removed. */
export const leftoverTitle = 'machine-id-action: leftover';

/** A private directory that was not removed. */
export interface Leftover {
  /** The reason, as the end of a sentence. */
  readonly why: string;
  /** What to do, in sentences; by default, check permissions and remove it manually. */
  readonly fix?: string;
}

const valid = 'Credentials in it are valid until they expire.';
const defaultFix = `Check its owner and its permissions, and remove it manually. ${valid}`;

/** Returns the text of the warning. */
export function leftoverText(path: string, { why, fix = defaultFix }: Leftover): string {
  return `${path} could not be removed: ${why}. ${fix}`;
}

/** A path that could not be deleted. */
export interface Failure {
  readonly path: string;
  /** System error code, such as `EACCES`, or the error's text if it has none. */
  readonly code: string;
}

/** Returns the failure to delete a path; none if the path no longer exists. */
export function failureAt(path: string, error: unknown): readonly Failure[] {
  const code = codeOf(error) ?? String(error);
  return code === 'ENOENT' ? [] : [{ path, code }];
}

/**
 * Describes why a private directory could not be removed. Without failures, it was created again.
 */
export async function describeFailures(
  workdir: string,
  failures: readonly Failure[],
): Promise<Leftover> {
  const [first] = failures;
  if (first === undefined) return { why: 'a process keeps writing to it' };
  const owner = await otherOwner(first.path);
  const names = failures.slice(0, 3).map(({ path }) => relative(workdir, path) || path);
  const more = failures.length > 3 ? ` and ${failures.length - 3} more` : '';
  const failed = `cannot delete ${names.join(', ')}${more}`;
  if (owner === undefined) return { why: `${failed} (${first.code})` };
  return {
    why: `${failed} (${first.code}, owned by ${owner === 0 ? 'root' : `user ${owner}`})`,
    fix: `A container that runs as another user can leave such files. Run ${command('sudo', 'rm', '-rf', workdir)} on the runner, and run the container as the runner's user (\`docker run --user\`). ${valid}`,
  };
}

/** Returns the other user who owns a path or its folder; either can prevent the deletion. */
async function otherOwner(path: string): Promise<number | undefined> {
  const user = process.getuid?.();
  if (user === undefined) return undefined;
  for (const place of [path, dirname(path)]) {
    const stats = await lstat(place).catch(() => undefined);
    if (stats && stats.uid !== user) return stats.uid;
  }
  return undefined;
}
