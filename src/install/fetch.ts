import type { Inputs } from '../inputs/table.ts';
import { isImageMirror } from '../inputs/download-inputs.ts';
import type { PublicKey } from '../inputs/public-keys.ts';
import { NetworkError, type NetworkFailure } from '../http/http-error.ts';
import type { HttpClient } from '../http/client.ts';
import { type RetryPolicy, StatusError } from '../http/retry.ts';
import { Problem } from '../problem.ts';
import * as problems from './download-problems.ts';
import { download } from './download.ts';
import { pull } from './image/pull.ts';
import {
  type Build,
  imageFor,
  type ImageReference,
  nameOf,
  publicSite,
  releaseFor,
} from './release.ts';
import type { StagedPrograms } from './staging.ts';

export interface FetchRequest {
  readonly build: Build;
  /** `tbot`, `tsh`, `tctl`. */
  readonly programs: readonly string[];
  readonly options: Pick<Inputs, 'installFrom' | 'mirror' | 'checksum' | 'signatureExtension'>;
  /** Keys, one of which must have signed the download. */
  readonly keys: readonly PublicKey[] | undefined;
  /** Where the programs are staged. */
  readonly directory: string;
  readonly network: HttpClient;
  readonly signal: AbortSignal;
  readonly info: (line: string) => void;
  /** Called with the number of bytes of each part of a program's download. */
  readonly onBytes?: (count: number) => void;
  readonly retryPolicy?: RetryPolicy;
}

export interface FetchedPrograms {
  readonly staged: StagedPrograms;
  readonly source: 'image' | 'archive';
}

/** Short, because a firewall can drop packets without an error, and the archive is an alternative. */
const shortTimeouts = { connect: 2500, answer: 5000 };
const shortRetryPolicy: RetryPolicy = { attempts: 2, pause: 300, longest: 2000 };
const defaultRetryPolicy: RetryPolicy = { attempts: 4, pause: 1000, longest: 60_000 };

/**
 * Fetches programs from the source that the inputs select. `auto` is the image, or the archive if the
 * image is unavailable; an invalid image is always an error. Throws a Problem `platform`, `download`,
 * `checksum`, `signature` or `archive`, or the signal's reason.
 */
export async function fetchPrograms(request: FetchRequest): Promise<FetchedPrograms> {
  const { build, programs, options, info } = request;
  const { installFrom, mirror } = options;
  const image = imageFor(build, isImageMirror(mirror) ? mirror : undefined);
  if (installFrom === 'image' || isImageMirror(mirror)) return fromImage(request, image);
  if (installFrom === 'archive' || mirror !== undefined || programs.length > 1 || !image)
    return fromArchive(request);
  try {
    return await fromImage(request, image, true);
  } catch (error) {
    const why = error instanceof Problem ? error.cause : undefined;
    if (!isUnavailable(why)) throw error;
    info(
      `Pulling ${nameOf(image)} failed: ${why.message}. Downloading the release archive instead.`,
    );
    return fromArchive(request);
  }
}

async function fromImage(
  request: FetchRequest,
  image: ImageReference | undefined,
  short = false,
): Promise<FetchedPrograms> {
  if (!image) throw noDownload(request.build, 'image');
  const { info, signal } = request;
  info(`Pulling tbot ${request.build.version}: ${nameOf(image)}`);
  const retryPolicy = request.retryPolicy ?? (short ? shortRetryPolicy : defaultRetryPolicy);
  try {
    const pins = request.options.checksum;
    const tbot = await pull({
      ...request,
      image,
      pins,
      retryPolicy,
      ...(short && { timeouts: shortTimeouts }),
    });
    return { staged: new Map([['tbot', tbot]]), source: 'image' };
  } catch (error) {
    throw signal.aborted ? error : problems.downloadFailed(nameOf(image), error, 'image');
  }
}

async function fromArchive(request: FetchRequest): Promise<FetchedPrograms> {
  const { build, options, info } = request;
  const release = releaseFor(build);
  if (!release) throw noDownload(build, 'archive');
  const site = options.mirror ?? publicSite;
  info(`Downloading ${request.programs.join(', ')} ${build.version}: ${site}/${release.archive}`);
  const { checksum: pins, signatureExtension } = options;
  const staged = await download({ ...request, release, site, pins, signatureExtension });
  return { staged, source: 'archive' };
}

const unavailableKinds: ReadonlySet<NetworkFailure> = new Set([
  'unresolved',
  'refused',
  'unreachable',
  'timeout',
  'reset',
  'proxy',
]);

/** Returns whether the image is unavailable, in contrast to invalid. */
function isUnavailable(error: unknown): error is Error {
  if (error instanceof NetworkError) return unavailableKinds.has(error.kind);
  if (!(error instanceof StatusError)) return false;
  return [401, 403, 404, 429].includes(error.status) || error.status >= 500;
}

function noDownload({ platform, arch, fips }: Build, from: 'image' | 'archive'): Problem {
  const what = `${fips ? 'FIPS ' : ''}${from === 'image' ? 'image' : 'build'} of tbot`;
  return new Problem({
    code: 'platform',
    what: `Teleport publishes no ${what} for ${platform} on ${arch}.`,
    fix:
      from === 'image'
        ? 'Set `install-from: archive`, or install tbot on the runner and set `tbot-path`.'
        : 'Install tbot on the runner and set `tbot-path`.',
  });
}
