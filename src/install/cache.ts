import { createHash } from 'node:crypto';
import { constants } from 'node:fs';
import { type FileHandle, link, lstat, open, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';

import { exists } from '../files/files.ts';
import { messageOf } from '../problem.ts';
import type { CiPort } from '../ci/port.ts';
import { type Build, fileOf } from './build.ts';
import { inspectBinary, type Defect } from './inspect.ts';
import { accountOf, fileFlaw, folderFlaw } from './owner.ts';
import { stagingPath } from './staged.ts';
import { writeHashed } from './archive/unpack.ts';

/**
 * The folder of a build in the tool cache at `root`, laid out as @actions/tool-cache does it
 * (<tool>/<version>/<arch>, and `<arch>.complete` beside it); undefined where there is no cache.
 */
export function cacheFolder(root: string | undefined, build: Build): string | undefined {
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

/** Links to programs in the tool cache, or copies of them, by the names of the programs. */
export interface Taken {
  readonly kind: 'taken';
  readonly parts: ReadonlyMap<string, string>;
}

/** Why the tool cache gives nothing; what another account may have put there is left alone. */
export interface Unused {
  readonly kind: 'absent' | 'untrusted';
  /** A clause. */
  readonly why: string;
}

/** Says why the tool cache is not used; a notice where another account may be at work. */
export function tellUnused({ kind, why }: Unused, ci: Pick<CiPort, 'info' | 'notice'>): void {
  const text = `The tool cache is not used: ${why}.`;
  if (kind === 'absent') return ci.info(text);
  const rest =
    'Programs are downloaded for this call only. Remove that path to use the cache again.';
  ci.notice('machine-id-action', `${text} ${rest}`);
}

export interface CacheQuery {
  /** The build's folder in the tool cache. */
  readonly folder: string;
  /** A private directory, into which the programs are taken. */
  readonly directory: string;
  readonly programs: readonly string[];
  readonly build: Pick<Build, 'platform' | 'arch'>;
}

/**
 * Takes programs out of the tool cache: all of them, or none. Each is linked or copied into the
 * private directory first and checked there, because another account may be able to replace what a path
 * in the cache leads to, but not a file that only this user or root can write. The record finds
 * corruption, not an attacker: the same user could change the record as well. What a runner image
 * brought has no record.
 */
export async function takeCached(query: CacheQuery): Promise<Taken | Unused> {
  const { folder, directory, programs, build } = query;
  const foreign = await folderFlaw(folder);
  if (foreign !== undefined) return { kind: 'untrusted', why: foreign };
  const names: readonly string[] = await readdir(folder).catch(() => []);
  const files = programs.map((program) => fileOf(program, build.platform));
  const missing = files.find((file) => !names.includes(file));
  if (missing !== undefined) return absent(join(folder, missing));
  if (!(await exists(completeMark(folder)))) return absent(completeMark(folder));
  const parts = new Map(programs.map((program) => [program, stagingPath(directory, program)]));
  for (const [program, part] of parts) {
    const unused = await take(query, program, part, names);
    if (unused === undefined) continue;
    for (const path of parts.values()) await rm(path, { force: true });
    return unused;
  }
  return { kind: 'taken', parts };
}

function absent(path: string): Unused {
  return { kind: 'absent', why: `${path} does not exist` };
}

// Neither follows a link nor waits for the other end of a pipe; Windows knows neither flag.
const readSafely = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK;

async function take(
  { folder, build }: CacheQuery,
  program: string,
  part: string,
  names: readonly string[],
): Promise<Unused | undefined> {
  const path = join(folder, fileOf(program, build.platform));
  const records = names.filter((name) => name.startsWith(`.${program}.`));
  try {
    // Refused across file systems, and on Linux for another user's file (fs.protected_hardlinks).
    const linked = await link(path, part).then(
      () => true,
      () => false,
    );
    await using handle = await open(linked ? part : path, readSafely);
    const flaw = await fileFlaw(await handle.stat());
    if (flaw !== undefined) return { kind: 'untrusted', why: `${path} ${flaw}` };
    const copied = linked ? undefined : await writeHashed(part, contentOf(handle));
    if (records.length === 0) return misfitting(path, await inspectBinary(path, build));
    const digest = copied ?? (await hashOf(contentOf(handle)));
    if (records.includes(recordOf(program, digest))) return undefined;
    // It is not removed: the one that is fetched now replaces it, and removing could meet another
    // installation's, which is right.
    const why = `${path} does not match its recorded SHA-256, so it is fetched again`;
    return { kind: 'absent', why };
  } catch (error) {
    return unreadable(path, error);
  }
}

function misfitting(path: string, misfit: Defect): Unused | undefined {
  return misfit === undefined
    ? undefined
    : { kind: 'absent', why: `${path} is unusable: ${misfit}` };
}

async function unreadable(path: string, error: unknown): Promise<Unused> {
  const stats = await lstat(path).catch(() => undefined);
  if (!stats?.isSymbolicLink())
    return { kind: 'absent', why: `${path} cannot be read or copied: ${messageOf(error)}` };
  const owner = await accountOf(stats.uid);
  return { kind: 'untrusted', why: `${path} is a symbolic link (owner ${owner})` };
}

function contentOf(handle: FileHandle): AsyncIterable<Uint8Array> {
  return handle.createReadStream({ highWaterMark: 2 ** 20, autoClose: false });
}

/** SHA-256, lower-case hex. */
async function hashOf(content: AsyncIterable<Uint8Array>): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of content) hash.update(chunk);
  return hash.digest('hex');
}
