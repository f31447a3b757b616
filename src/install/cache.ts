import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';

import type { Environment } from '../runner.ts';
import { type Build, fileOf } from './build.ts';
import { lookAt } from './look.ts';
import { exists } from '../files/look.ts';

/**
 * The folder of a build in the runner's tool cache, laid out as @actions/tool-cache does it
 * (<tool>/<version>/<arch>, and `<arch>.complete` beside it); undefined where there is no cache.
 */
export function cacheFolder(env: Environment, build: Build): string | undefined {
  const root = env['RUNNER_TOOL_CACHE'];
  if (!root) return undefined;
  const tool = `tbot${build.edition === 'enterprise' ? '-ent' : ''}${build.fips ? '-fips' : ''}`;
  return join(root, tool, build.version, build.arch);
}

/** Says that a folder may be used, to @actions/tool-cache as well. */
export function completeMark(folder: string): string {
  return `${folder}.complete`;
}

/** Name of the record that a program of this digest was put there by us. */
export function recordOf(program: string, digest: string): string {
  return `.${program}.${digest}`;
}

/**
 * The paths of programs in the tool cache; undefined unless all of them are there and right. A
 * program that differs from its records is replaced: this finds corruption, not an attacker, who as
 * the same user could change the record as well. What a runner image brought has no record.
 */
export async function findCached(
  folder: string,
  programs: readonly string[],
  build: Pick<Build, 'platform' | 'arch'>,
  info: (line: string) => void,
): Promise<ReadonlyMap<string, string> | undefined> {
  const names = await namesIn(folder);
  if (!names || !(await exists(completeMark(folder)))) return undefined;
  const found = new Map<string, string>();
  for (const program of programs) {
    const file = fileOf(program, build.platform);
    const path = join(folder, file);
    const records = names.filter((name) => name.startsWith(`.${program}.`));
    if (!names.includes(file)) return undefined;
    if (
      records.length > 0
        ? !(await isRecorded(path, program, records, info))
        : await lookAt(path, build)
    )
      return undefined;
    found.set(program, path);
  }
  return found;
}

async function isRecorded(
  path: string,
  program: string,
  records: readonly string[],
  info: (line: string) => void,
): Promise<boolean> {
  const digest = await hashFile(path).catch(() => undefined);
  if (digest !== undefined && records.includes(recordOf(program, digest))) return true;
  // It is not removed: the one that is fetched now replaces it, and removing could meet another
  // installation's, which is right.
  info(`${path} is not what was once put there; it is fetched again.`);
  return false;
}

async function namesIn(folder: string): Promise<readonly string[] | undefined> {
  return readdir(folder).catch(() => undefined);
}

/** SHA-256 of a file, lower-case hex. */
async function hashFile(file: string): Promise<string> {
  const hash = createHash('sha256');
  const stream = createReadStream(file, { highWaterMark: 2 ** 20 });
  for await (const chunk of stream) if (chunk instanceof Uint8Array) hash.update(chunk);
  return hash.digest('hex');
}
