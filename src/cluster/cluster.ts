import type { HttpClient, Reply, Timeouts } from '../http/client.ts';
import { type RetryPolicy, parseRetryAfter, retry, StatusError } from '../http/retry.ts';
import { type Cluster, NotTeleport, parseFind } from './find.ts';
import { probeFailure } from './probe-failure.ts';

export type { Cluster } from './find.ts';

/** A real answer has less than 4 KiB. */
const longestAnswer = 256 * 1024;

/** A silent proxy is told within 10 s. */
const usualTimeouts: Timeouts = { connect: 5000, answer: 5000, stall: 5000 };

const defaultRetryPolicy: RetryPolicy = { attempts: 4, pause: 500, longest: 30_000 };

export interface ProxyProbe {
  readonly network: HttpClient;
  readonly signal: AbortSignal;
  /** Tells that an attempt failed and another will be made. */
  readonly info?: (line: string) => void;
  readonly retryPolicy?: RetryPolicy;
  readonly timeouts?: Timeouts;
}

/**
 * Asks a proxy (`host:port`) once for `/webapi/find`, which needs no credentials; repeats only what
 * can pass by itself. Throws a Problem `proxy-unreachable`, `proxy-untrusted`, `not-teleport` or
 * `rate-limited`, or the reason of the signal.
 */
export async function fetchCluster(proxy: string, using: ProxyProbe): Promise<Cluster> {
  const { signal, info = () => undefined, retryPolicy = defaultRetryPolicy } = using;
  try {
    return await retry(
      retryPolicy,
      signal,
      () => find(proxy, using),
      (error, wait) => info(`${sentence(error)} Trying again in ${Math.ceil(wait / 1000)} s.`),
    );
  } catch (error) {
    throw signal.aborted ? error : probeFailure(proxy, error);
  }
}

async function find(
  proxy: string,
  { network, signal, timeouts = usualTimeouts }: ProxyProbe,
): Promise<Cluster> {
  const reply = await network.get(`https://${proxy}/webapi/find`, {
    signal,
    timeouts,
    headers: { accept: 'application/json' },
  });
  if (reply.status === 200) return parseFind(await reply.text(longestAnswer));
  reply.discard();
  throw unwanted(proxy, reply);
}

function unwanted(proxy: string, { status, headers }: Reply): Error {
  if (status === 429 || status >= 500)
    return new StatusError(
      `${proxy} answers with status ${status}`,
      status,
      parseRetryAfter(headers['retry-after'], Date.now()),
    );
  return new NotTeleport(
    status >= 300 && status < 400
      ? `it redirects to ${destination(headers.location)}`
      : `it answers with status ${status}`,
  );
}

/** The host alone: a path or query could hold somebody's session. */
function destination(location: string | undefined): string {
  return location !== undefined && URL.canParse(location)
    ? new URL(location).host
    : 'another of its pages';
}

function sentence(error: Error): string {
  return `${error.message.charAt(0).toUpperCase()}${error.message.slice(1)}.`;
}
