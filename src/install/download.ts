import type { GetOptions, HttpClient, Reply } from '../http/client.ts';
import { ok, type RetryPolicy, retry } from '../http/retry.ts';
import { parseChecksumFile } from './checksum.ts';
import * as problems from './problems.ts';
import { lengthOf, withProgress } from './progress.ts';
import { memberOf, type Release } from './release.ts';
import { removeOnFailure, stagingPath, type StagedPrograms } from './staged.ts';
import { type Streamed, streamArchive } from './archive/stream.ts';
import { BadArchive } from './archive/tar-header.ts';
import { streamZip } from './archive/zip.ts';

export interface Download {
  readonly release: Release;
  /** `tbot`, `tsh`, `tctl`. */
  readonly programs: readonly string[];
  /** Base URL under which the archive and its checksum lie, without a `/` at the end. */
  readonly site: string;
  /** SHA-256 digests of which one must be the archive's; the published one where there are none. */
  readonly pins: readonly string[] | undefined;
  /** Where the programs are staged, and nothing else stays. */
  readonly directory: string;
  readonly network: HttpClient;
  readonly signal: AbortSignal;
  readonly info: (line: string) => void;
  readonly retryPolicy?: RetryPolicy;
}

const defaultRetryPolicy: RetryPolicy = { attempts: 3, pause: 1000, longest: 60_000 };

/**
 * Fetches a release archive and stages the programs in it, once the checksum agrees. Throws a
 * Problem `download`, `checksum` or `archive`, or the reason of the signal.
 */
export async function download(wanted: Download): Promise<StagedPrograms> {
  const url = `${wanted.site}/${wanted.release.archive}`;
  const { signal, info, retryPolicy = defaultRetryPolicy } = wanted;
  try {
    return await retry(
      retryPolicy,
      signal,
      () => attempt(wanted, url),
      (error, wait) => info(`${error.message}; trying again in ${Math.ceil(wait / 1000)} s.`),
    );
  } catch (error) {
    throw signal.aborted ? error : problems.downloadFailed(url, error);
  }
}

async function attempt(wanted: Download, url: string): Promise<StagedPrograms> {
  const parts = wanted.programs.map((program) => ({
    program,
    member: memberOf(wanted.release, program),
    path: stagingPath(wanted.directory, program),
  }));
  const files = parts.map(({ path }) => path);
  return removeOnFailure(files, async () => {
    const members = new Map(parts.map(({ member, path }) => [member, path]));
    const { streamed, digests } = await pass(wanted, url, members);
    const { outcome } = streamed;
    if (!digests.includes(streamed.digest))
      throw problems.otherChecksum(url, streamed.digest, digests, wanted.pins !== undefined);
    if (outcome instanceof BadArchive) throw problems.badArchive(url, outcome);
    return new Map(
      parts.map(({ program, member, path }) => {
        return [program, { path, digest: outcome.digests.get(member) ?? '' }];
      }),
    );
  });
}

async function pass(
  wanted: Download,
  url: string,
  members: ReadonlyMap<string, string>,
): Promise<{ readonly streamed: Streamed; readonly digests: readonly string[] }> {
  const published = wanted.pins ?? publishedDigest(wanted, url);
  // The archive's own failure is told first; this one is looked at after it.
  void Promise.resolve(published).catch(() => undefined);
  const reply = await open(wanted, url);
  try {
    const digests = await published;
    const body = withProgress(reply.body, lengthOf(reply.headers['content-length']), wanted.info);
    const streamed =
      wanted.release.format === 'zip'
        ? await streamZip(body, members, stagingPath(wanted.directory, 'archive'), digests)
        : await streamArchive(body, members, { compression: 'gzip', kind: 'release' });
    return { streamed, digests };
  } finally {
    reply.discard();
  }
}
async function publishedDigest(wanted: Download, url: string): Promise<readonly string[]> {
  const reply = await get(wanted, `${url}.sha256`);
  if (reply.status === 404) {
    reply.discard();
    throw problems.noChecksum(url);
  }
  const digest = parseChecksumFile(await ok(reply).text(64 * 1024), wanted.release.archive);
  if (digest === undefined) throw problems.noChecksum(url);
  return [digest];
}

async function open(wanted: Download, url: string): Promise<Reply> {
  const reply = ok(await get(wanted, url));
  if (!/^text\/html/i.test(reply.headers['content-type'] ?? '')) return reply;
  reply.discard();
  throw problems.webPage(url);
}

function get(wanted: Download, url: string): Promise<Reply> {
  const options: GetOptions = { signal: wanted.signal, redirects: 5 };
  return wanted.network.get(url, options);
}
