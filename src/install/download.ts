import type { GetOptions, HttpClient, Reply } from '../http/client.ts';
import { ok, type RetryPolicy, retry } from '../http/retry.ts';
import { BadArchive, type Extraction } from './archive/archive.ts';
import { extractTar } from './archive/extract-tar.ts';
import { extractZip } from './archive/zip.ts';
import * as problems from './download-problems.ts';
import { memberOf, type Release } from './release.ts';
import { removeOnFailure, type StagedPrograms, stagingPath } from './staging.ts';

export interface DownloadRequest {
  readonly release: Release;
  /** `tbot`, `tsh`, `tctl`. */
  readonly programs: readonly string[];
  /** Base URL of the archive and its checksum, without a `/` at the end. */
  readonly site: string;
  /** SHA-256 digests, one of which must be the archive's. Default: the published one. */
  readonly pins: readonly string[] | undefined;
  /** Where the programs are staged; other files are removed. */
  readonly directory: string;
  readonly network: HttpClient;
  readonly signal: AbortSignal;
  readonly info: (line: string) => void;
  /** Called with the number of bytes of each part of the archive. */
  readonly onBytes?: (count: number) => void;
  readonly retryPolicy?: RetryPolicy;
}

const defaultRetryPolicy: RetryPolicy = { attempts: 3, pause: 1000, longest: 60_000 };

/**
 * Downloads a release archive, verifies its checksum and stages its programs. Throws a Problem
 * `download`, `checksum` or `archive`, or the signal's reason.
 */
export async function download(request: DownloadRequest): Promise<StagedPrograms> {
  const url = `${request.site}/${request.release.archive}`;
  const { signal, info, retryPolicy = defaultRetryPolicy } = request;
  try {
    return await retry(retryPolicy, signal, () => attempt(request, url), info);
  } catch (error) {
    throw signal.aborted ? error : problems.downloadFailed(url, error);
  }
}

async function attempt(request: DownloadRequest, url: string): Promise<StagedPrograms> {
  const parts = request.programs.map((program) => ({
    program,
    member: memberOf(request.release, program),
    path: stagingPath(request.directory, program),
  }));
  const files = parts.map(({ path }) => path);
  return removeOnFailure(files, async () => {
    const members = new Map(parts.map(({ member, path }) => [member, path]));
    const { extraction, digests } = await extract(request, url, members);
    const { digest, outcome } = extraction;
    if (!digests.includes(digest))
      throw problems.wrongChecksum(url, digest, digests, request.pins !== undefined);
    if (outcome instanceof BadArchive) throw problems.badArchive(url, outcome);
    return new Map(
      parts.map(({ program, member, path }) => {
        return [program, { path, digest: outcome.digests.get(member) ?? '' }];
      }),
    );
  });
}

async function extract(
  request: DownloadRequest,
  url: string,
  members: ReadonlyMap<string, string>,
): Promise<{ readonly extraction: Extraction; readonly digests: readonly string[] }> {
  const published = request.pins ?? publishedDigest(request, url);
  // Awaited after the archive's response, whose failure is reported first.
  void Promise.resolve(published).catch(() => undefined);
  const reply = await open(request, url);
  try {
    const digests = await published;
    const body = withProgress(
      reply.body,
      parseLength(reply.headers['content-length']),
      request.info,
      request.onBytes,
    );
    const extraction =
      request.release.format === 'zip'
        ? await extractZip(body, members, stagingPath(request.directory, 'archive'), digests)
        : await extractTar(body, members, { compression: 'gzip' });
    return { extraction, digests };
  } finally {
    reply.discard();
  }
}

async function publishedDigest(request: DownloadRequest, url: string): Promise<readonly string[]> {
  const reply = await get(request, `${url}.sha256`);
  if (reply.status === 404) {
    reply.discard();
    throw problems.noChecksum(url);
  }
  const digest = parseChecksumFile(await ok(reply).text(64 * 1024), request.release.archive);
  if (digest === undefined) throw problems.noChecksum(url);
  return [digest];
}

async function open(request: DownloadRequest, url: string): Promise<Reply> {
  const reply = ok(await get(request, url));
  if (!/^text\/html/i.test(reply.headers['content-type'] ?? '')) return reply;
  reply.discard();
  throw problems.webPage(url);
}

function get(request: DownloadRequest, url: string): Promise<Reply> {
  const options: GetOptions = { signal: request.signal, redirects: 5 };
  return request.network.get(url, options);
}

/**
 * Returns the digest for a file in a published checksum: lines `<hex>  <name>` in the format of
 * `shasum -c` (Teleport publishes one line in `<archive>.sha256`), or the digest alone. Undefined if
 * there is none for this file. In lower case.
 */
function parseChecksumFile(text: string, file: string): string | undefined {
  for (const line of text.split('\n')) {
    const [, digest, name] = /^([0-9a-f]{64})(?:\s+\*?(\S+))?\s*$/i.exec(line) ?? [];
    if (digest === undefined) continue;
    if (name === undefined || name.split('/').at(-1) === file) return digest.toLowerCase();
  }
  return undefined;
}

/** Milliseconds until the first progress line. Most downloads are complete by then. */
const firstReport = 5000;
/** Milliseconds between progress lines. */
const interval = 10_000;

/** Yields a body unchanged, counts its bytes and reports the progress of a long download. */
export async function* withProgress(
  body: AsyncIterable<Uint8Array>,
  total: number | undefined,
  report: (line: string) => void,
  onBytes?: (count: number) => void,
): AsyncGenerator<Uint8Array, void, void> {
  const start = performance.now();
  let next = start + firstReport;
  let done = 0;
  for await (const chunk of body) {
    done += chunk.length;
    onBytes?.(chunk.length);
    const time = performance.now();
    if (time >= next) {
      report(progressLine(done, total, (time - start) / 1000));
      next = time + interval;
    }
    yield chunk;
  }
}

/** Formats `Downloaded 42 of 150 MB (5.1 MB/s, 21 s left)`, or less if the total is unknown. */
function progressLine(done: number, total: number | undefined, seconds: number): string {
  const rate = done / seconds;
  const size =
    total === undefined ? `${megabytes(done)} MB` : `${megabytes(done)} of ${megabytes(total)} MB`;
  const left = total === undefined ? '' : `, ${Math.ceil((total - done) / rate)} s left`;
  return `Downloaded ${size} (${(rate / 1e6).toFixed(1)} MB/s${left})`;
}

function megabytes(bytes: number): string {
  return (bytes / 1e6).toFixed(0);
}

/** Parses a `content-length` header; undefined if it is not a number. */
function parseLength(header: string | undefined): number | undefined {
  return header !== undefined && /^\d{1,15}$/.test(header) ? Number(header) : undefined;
}
