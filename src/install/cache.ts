import { createHash } from 'node:crypto';
import { constants } from 'node:fs';
import { type FileHandle, link, lstat, open, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';

import { exists } from '../files/files.ts';
import { messageOf } from '../problem.ts';
import type { CiPort } from '../ci/port.ts';
import { writeHashed } from './archive/archive.ts';
import { inspectBinary, type Defect } from './inspect.ts';
import { accountOf, fileFlaw, folderFlaw } from './ownership.ts';
import { type Build, fileOf } from './release.ts';
import { type ProgramPaths, removeOnFailure, stagingPath } from './staging.ts';

/**
 * The folder of a build in the tool cache at `root`, laid out as @actions/tool-cache does it
 * (<tool>/<version>/<arch>, and `<arch>.complete` beside it); undefined without a tool cache.
 */
export function cacheFolder(root: string | undefined, build: Build): string | undefined {
  if (!root) return undefined;
  const tool = `tbot${build.edition === 'enterprise' ? '-ent' : ''}${build.fips ? '-fips' : ''}`;
  return join(root, tool, build.version, build.arch);
}

/** Returns the file that marks a folder as complete, for @actions/tool-cache as well. */
export function completeMark(folder: string): string {
  return `${folder}.complete`;
}

/** Returns the name of the record that this action added a program with this digest. */
export function recordOf(program: string, digest: string): string {
  return `.${program}.${digest}`;
}

/** Programs from the tool cache, staged as links or copies. */
export interface Cached {
  readonly kind: 'cached';
  readonly parts: ProgramPaths;
  /** SHA-256 of tbot, which matches its record; undefined without a record. */
  readonly tbotDigest: string | undefined;
}

/** Why the tool cache is not used. An untrusted one is not changed either. */
export interface Unused {
  readonly kind: 'missing' | 'unusable' | 'untrusted';
  /** The path of the missing file, or a clause. */
  readonly why: string;
}

/** Logs why the tool cache is not used, as a notice if another account can change it. */
export function reportUnused({ kind, why }: Unused, ci: Pick<CiPort, 'info' | 'notice'>): void {
  if (kind === 'missing') return ci.info(`The tool cache does not contain ${why}.`);
  const text = `The tool cache is not used: ${why}.`;
  if (kind === 'unusable') return ci.info(text);
  const rest =
    'Programs are downloaded for this step only. Remove that path to use the tool cache again.';
  ci.notice('machine-id-action', `${text} ${rest}`);
}

export interface CacheQuery {
  /** The build's folder in the tool cache. */
  readonly folder: string;
  /** The private directory, where the programs are staged. */
  readonly directory: string;
  readonly programs: readonly string[];
  readonly build: Pick<Build, 'platform' | 'arch'>;
  readonly signal: AbortSignal;
}

/**
 * Stages programs from the tool cache: all of them, or none. Links or copies each into the private
 * directory first and checks it there, because another account can replace a path in the cache, but
 * not a file that only this user or root can write. The record detects corruption, not an attacker,
 * who could change the record as well. Programs of a runner image have no record. Throws the signal's
 * reason.
 */
export async function stageCached(query: CacheQuery): Promise<Cached | Unused> {
  const { folder, directory, programs, build } = query;
  const foreign = await folderFlaw(folder);
  if (foreign !== undefined) return { kind: 'untrusted', why: foreign };
  const names: readonly string[] = await readdir(folder).catch(() => []);
  const files = programs.map((program) => fileOf(program, build.platform));
  const missing = files.find((file) => !names.includes(file));
  if (missing !== undefined) return { kind: 'missing', why: join(folder, missing) };
  if (!(await exists(completeMark(folder)))) return { kind: 'missing', why: completeMark(folder) };
  const parts = new Map(programs.map((program) => [program, stagingPath(directory, program)]));
  const paths = [...parts.values()];
  const result = await removeOnFailure(paths, async () => stageAll(query, parts, names));
  if (result.kind !== 'cached') for (const path of paths) await rm(path, { force: true });
  return result;
}

/** Removes programs that were staged but are not used. */
export async function removeStaged(result: Cached | Unused): Promise<void> {
  if (result.kind !== 'cached') return;
  for (const path of result.parts.values()) await rm(path, { force: true });
}

async function stageAll(
  query: CacheQuery,
  parts: ProgramPaths,
  names: readonly string[],
): Promise<Cached | Unused> {
  let tbotDigest: string | undefined;
  for (const [program, part] of parts) {
    const staged = await stage(query, program, part, names);
    query.signal.throwIfAborted();
    if (staged.kind !== 'staged') return staged;
    if (program === 'tbot') tbotDigest = staged.digest;
  }
  return { kind: 'cached', parts, tbotDigest };
}

/** Neither follows a symbolic link nor waits for the writer of a pipe. Windows has neither flag. */
export const readSafely = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK;

interface Staged {
  readonly kind: 'staged';
  /** Undefined without a record to compare with. */
  readonly digest: string | undefined;
}

async function stage(
  { folder, build, signal }: CacheQuery,
  program: string,
  part: string,
  names: readonly string[],
): Promise<Staged | Unused> {
  const path = join(folder, fileOf(program, build.platform));
  const records = names.filter((name) => name.startsWith(`.${program}.`));
  try {
    // Fails across file systems, and on Linux for another user's file (fs.protected_hardlinks).
    const linked = await link(path, part).then(
      () => true,
      () => false,
    );
    await using handle = await open(linked ? part : path, readSafely);
    const flaw = await fileFlaw(await handle.stat());
    if (flaw !== undefined) return { kind: 'untrusted', why: `${path} ${flaw}` };
    const copied = linked ? undefined : await writeHashed(part, contentOf(handle, signal));
    if (records.length === 0) return unrecorded(path, await inspectBinary(path, build));
    const digest = copied ?? (await hashOf(contentOf(handle, signal)));
    if (records.includes(recordOf(program, digest))) return { kind: 'staged', digest };
    // Not removed: the download replaces it, and another installation can have done so already.
    const why = `${path} does not match its recorded SHA-256, so it is downloaded again`;
    return { kind: 'unusable', why };
  } catch (error) {
    return unreadable(path, error);
  }
}

function unrecorded(path: string, defect: Defect): Staged | Unused {
  return defect === undefined
    ? { kind: 'staged', digest: undefined }
    : { kind: 'unusable', why: `${path} is unusable: ${defect}` };
}

async function unreadable(path: string, error: unknown): Promise<Unused> {
  const stats = await lstat(path).catch(() => undefined);
  if (!stats?.isSymbolicLink())
    return { kind: 'unusable', why: `${path} cannot be read or copied: ${messageOf(error)}` };
  const owner = await accountOf(stats.uid);
  return { kind: 'untrusted', why: `${path} is a symbolic link (owner ${owner})` };
}

/**
 * Yields the content of a file, reading one chunk while the caller uses the other one. Two buffers
 * instead of a stream, which allocates one for each chunk: hashing 87 MB takes 52 ms instead of 61 ms.
 */
async function* contentOf(
  handle: FileHandle,
  signal: AbortSignal,
): AsyncGenerator<Uint8Array, void, void> {
  let [used, free] = [Buffer.allocUnsafe(chunkSize), Buffer.allocUnsafe(chunkSize)];
  let reading = handle.read(used, 0, chunkSize, 0);
  for (let position = 0; ;) {
    const { bytesRead } = await reading;
    signal.throwIfAborted();
    if (bytesRead === 0) return;
    position += bytesRead;
    reading = handle.read(free, 0, chunkSize, position);
    // It is not awaited if the caller stops here.
    reading.catch(() => undefined);
    yield used.subarray(0, bytesRead);
    [used, free] = [free, used];
  }
}

/** Bytes. */
const chunkSize = 2 ** 20;

async function hashOf(content: AsyncIterable<Uint8Array>): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of content) hash.update(chunk);
  return hash.digest('hex');
}
