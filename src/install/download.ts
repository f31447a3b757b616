import type { PublicKey } from '../inputs/public-keys.ts';
import type { GetOptions, HttpClient, Reply } from '../http/client.ts';
import { ok, type RetryPolicy, retry } from '../http/retry.ts';
import { BadArchive, type Extraction } from './archive/archive.ts';
import { extractTar } from './archive/extract-tar.ts';
import { extractZip } from './archive/zip.ts';
import * as problems from './download-problems.ts';
import { fetchSignature } from './signature/archive-signature.ts';
import { keyName, wrongSignature } from './signature/signature-problems.ts';
import { type StreamVerifier, streamVerifier } from './signature/verify-bytes.ts';
import { withProgress } from './progress.ts';
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
  /** Keys, one of which must have signed the archive. */
  readonly keys: readonly PublicKey[] | undefined;
  /** Extension of the signature's name, which begins with the name of the archive. */
  readonly signatureExtension: string;
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
 * Downloads a release archive, verifies its checksum and its signature, and stages its programs. Throws a
 * Problem `download`, `checksum`, `signature` or `archive`, or the signal's reason.
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
    const { outcome } = await extract(request, url, members);
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
): Promise<Extraction> {
  const published = request.pins ?? publishedDigest(request, url);
  const signature = request.keys && publishedSignature(request, url, request.keys);
  // Awaited after the archive's response, whose failure is reported first.
  for (const pending of [published, signature])
    void Promise.resolve(pending).catch(() => undefined);
  const reply = await open(request, url);
  try {
    const digests = await published;
    const verifier = await signature;
    const content = verifier?.watch(reply.body) ?? reply.body;
    const length = parseLength(reply.headers['content-length']);
    const body = withProgress(content, length, request.info, request.onBytes);
    const check = (digest: string): void =>
      verifyArchive(request, url, { digest, digests, verifier });
    if (request.release.format === 'zip')
      return await extractZip(body, members, stagingPath(request.directory, 'archive'), check);
    const extraction = await extractTar(body, members, { compression: 'gzip' });
    check(extraction.digest);
    return extraction;
  } finally {
    reply.discard();
  }
}

async function publishedSignature(
  { network, signal, signatureExtension }: DownloadRequest,
  url: string,
  keys: readonly PublicKey[],
): Promise<StreamVerifier> {
  const file = `${url}.${signatureExtension}`;
  return streamVerifier(await fetchSignature(file, network, { signal, redirects: 5 }), keys);
}

/** Throws a Problem unless an archive that was read to its end has the right digest and signature. */
function verifyArchive(
  { pins, keys = [], info }: DownloadRequest,
  url: string,
  {
    digest,
    digests,
    verifier,
  }: {
    readonly digest: string;
    readonly digests: readonly string[];
    readonly verifier: StreamVerifier | undefined;
  },
): void {
  if (!digests.includes(digest))
    throw problems.wrongChecksum(url, digest, digests, pins !== undefined);
  if (verifier === undefined) return;
  const key = verifier.signer();
  if (key === undefined) throw wrongSignature(url, digest, keys);
  info(`The archive is signed with key ${keyName(key)}.`);
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

/** Parses a `content-length` header; undefined if it is not a number. */
function parseLength(header: string | undefined): number | undefined {
  return header !== undefined && /^\d{1,15}$/.test(header) ? Number(header) : undefined;
}
