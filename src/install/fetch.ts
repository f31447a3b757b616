import type { Inputs } from '../inputs/table.ts';
import { isImageMirror } from '../inputs/download.ts';
import { NetworkError, type NetworkFailure } from '../http/http-error.ts';
import type { HttpClient } from '../http/client.ts';
import { type RetryPolicy, StatusError } from '../http/retry.ts';
import { Problem } from '../problem.ts';
import type { Build } from './build.ts';
import { download } from './download.ts';
import { pull } from './image/pull.ts';
import { imageFor, type ImageReference, nameOf } from './image/reference.ts';
import * as problems from './problems.ts';
import { publicSite, releaseFor } from './release.ts';
import type { StagedPrograms } from './staged.ts';

/** What is to be fetched, and how. */
export interface Order {
  readonly build: Build;
  /** `tbot`, `tsh`, `tctl`. */
  readonly programs: readonly string[];
  readonly options: Pick<Inputs, 'installFrom' | 'mirror' | 'checksum'>;
  /** Where the programs are staged. */
  readonly directory: string;
  readonly network: HttpClient;
  readonly signal: AbortSignal;
  readonly info: (line: string) => void;
  readonly retryPolicy?: RetryPolicy;
}

export interface Fetched {
  readonly staged: StagedPrograms;
  readonly source: 'image' | 'archive';
}

/** Firewalls drop rather than refuse, and the archive is there as well. */
const hastyTimeouts = { connect: 2500, answer: 5000 };
const hastyRetryPolicy: RetryPolicy = { attempts: 2, pause: 300, longest: 2000 };
const defaultRetryPolicy: RetryPolicy = { attempts: 4, pause: 1000, longest: 60_000 };

/**
 * Fetches programs by the way that the inputs name; `auto` is the image, and the archive where the
 * image cannot be had. What came and is wrong is never passed over. Throws a Problem `platform`,
 * `download`, `checksum` or `archive`, or the reason of the signal.
 */
export async function fetchPrograms(order: Order): Promise<Fetched> {
  const { build, programs, options, info } = order;
  const { installFrom, mirror } = options;
  const image = imageFor(build, isImageMirror(mirror) ? mirror : undefined);
  if (installFrom === 'image' || isImageMirror(mirror)) return fromImage(order, image);
  if (installFrom === 'archive' || mirror !== undefined || programs.length > 1 || !image)
    return fromArchive(order);
  try {
    return await fromImage(order, image, true);
  } catch (error) {
    const why = error instanceof Problem ? error.cause : undefined;
    if (!mayPassOver(why)) throw error;
    info(`${nameOf(image)} cannot be had (${why.message}); taking the release archive instead.`);
    return fromArchive(order);
  }
}

async function fromImage(
  order: Order,
  image: ImageReference | undefined,
  hasty = false,
): Promise<Fetched> {
  if (!image) throw noDownload(order.build, 'image');
  const { info, signal } = order;
  info(`Pulling tbot ${order.build.version}: ${nameOf(image)}`);
  const retryPolicy = order.retryPolicy ?? (hasty ? hastyRetryPolicy : defaultRetryPolicy);
  try {
    const pins = order.options.checksum;
    const tbot = await pull({
      ...order,
      image,
      pins,
      retryPolicy,
      ...(hasty && { timeouts: hastyTimeouts }),
    });
    return { staged: new Map([['tbot', tbot]]), source: 'image' };
  } catch (error) {
    throw signal.aborted ? error : problems.downloadFailed(nameOf(image), error, 'image');
  }
}

async function fromArchive(order: Order): Promise<Fetched> {
  const { build, options, info } = order;
  const release = releaseFor(build);
  if (!release) throw noDownload(build, 'archive');
  const site = options.mirror ?? publicSite;
  info(`Downloading ${order.programs.join(', ')} ${build.version}: ${site}/${release.archive}`);
  const staged = await download({ ...order, release, site, pins: options.checksum });
  return { staged, source: 'archive' };
}

const passable: ReadonlySet<NetworkFailure> = new Set([
  'unresolved',
  'refused',
  'unreachable',
  'timeout',
  'reset',
  'proxy',
]);

/** The image can't be had; whatever else is wrong is not passed over. */
function mayPassOver(error: unknown): error is Error {
  if (error instanceof NetworkError) return passable.has(error.kind);
  if (!(error instanceof StatusError)) return false;
  return [401, 403, 404, 429].includes(error.status) || error.status >= 500;
}

function noDownload({ platform, arch, fips }: Build, from: 'image' | 'archive'): Problem {
  const what = fips ? 'A FIPS build of tbot' : 'tbot';
  return new Problem({
    code: 'platform',
    what: `${what} cannot be downloaded for ${platform} on ${arch}${from === 'image' ? ' as an image' : ''}.`,
    fix:
      from === 'image'
        ? 'Write `install-from: archive`, or install tbot on the runner and give its path as `tbot-path`.'
        : 'Install tbot on the runner, and give its path as `tbot-path`.',
  });
}
