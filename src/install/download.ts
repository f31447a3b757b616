import { randomUUID } from 'node:crypto';
import { rename, rm } from 'node:fs/promises';
import { join } from 'node:path';

import type { GetOptions, Network, Reply } from '../network/network.ts';
import { type Patience, parseRetryAfter, persist, StatusError } from '../network/retry.ts';
import { parseChecksumFile } from './checksum.ts';
import * as problems from './problems.ts';
import type { Release } from './release.ts';
import { type Streamed, streamArchive } from './stream.ts';

export interface Download {
  readonly release: Release;
  /** Base URL under which the archive and its checksum lie, without a `/` at the end. */
  readonly site: string;
  /** SHA-256 digests of which one must be the archive's; the published one where there are none. */
  readonly pins: readonly string[] | undefined;
  /** Private folder; tbot becomes `tbot` in it, and nothing else stays. */
  readonly directory: string;
  readonly network: Network;
  readonly signal: AbortSignal;
  readonly info: (line: string) => void;
  readonly patience?: Patience;
}

const usualPatience: Patience = { attempts: 3, pause: 1000, longest: 60_000 };

/**
 * Fetches a release archive and gives the path of the tbot in it, once the checksum agrees. Throws
 * a Problem `download`, `checksum` or `archive`, or the reason of the signal.
 */
export async function download(wanted: Download): Promise<string> {
  const url = `${wanted.site}/${wanted.release.archive}`;
  const { signal, info, patience = usualPatience } = wanted;
  try {
    return await persist(
      patience,
      signal,
      () => attempt(wanted, url),
      (error, wait) => info(`${error.message}; trying again in ${Math.ceil(wait / 1000)} s.`),
    );
  } catch (error) {
    throw signal.aborted ? error : problems.downloadFailed(url, error);
  }
}

async function attempt(wanted: Download, url: string): Promise<string> {
  const part = join(wanted.directory, `.tbot-${randomUUID()}`);
  try {
    const { streamed, digests } = await pass(wanted, url, part);
    if (!digests.includes(streamed.digest))
      throw problems.otherChecksum(url, streamed.digest, digests, wanted.pins !== undefined);
    if (streamed.flaw) throw problems.badArchive(url, streamed.flaw);
    const path = join(wanted.directory, 'tbot');
    // A rename: a tbot that is running can't be written to, and nobody sees half a file.
    await rename(part, path);
    return path;
  } finally {
    await rm(part, { force: true });
  }
}

async function pass(
  wanted: Download,
  url: string,
  part: string,
): Promise<{ readonly streamed: Streamed; readonly digests: readonly string[] }> {
  const published = wanted.pins ?? publishedDigest(wanted, url);
  // The archive's own failure is told first; this one is looked at after it.
  void Promise.resolve(published).catch(() => undefined);
  const reply = await open(wanted, url);
  try {
    const digests = await published;
    const members = new Map([[wanted.release.tbot, part]]);
    return { streamed: await streamArchive(reply.body, members), digests };
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
  const digest = parseChecksumFile(await (await ok(reply)).text(64 * 1024), wanted.release.archive);
  if (digest === undefined) throw problems.noChecksum(url);
  return [digest];
}

async function open(wanted: Download, url: string): Promise<Reply> {
  const reply = await ok(await get(wanted, url));
  if (!/^text\/html/i.test(reply.headers['content-type'] ?? '')) return reply;
  reply.discard();
  throw problems.webPage(url);
}

function get(wanted: Download, url: string): Promise<Reply> {
  const options: GetOptions = { signal: wanted.signal, redirects: 5 };
  return wanted.network.get(url, options);
}

async function ok(reply: Reply): Promise<Reply> {
  if (reply.status === 200) return reply;
  reply.discard();
  const wait = parseRetryAfter(reply.headers['retry-after'], Date.now());
  throw new StatusError(
    `${new URL(reply.url).host} answers with status ${reply.status}`,
    reply.status,
    wait,
  );
}
