import type { HttpClient, Reply, Timeouts } from '../http/client.ts';
import { type RetryPolicy, parseRetryAfter, retry, StatusError } from '../http/retry.ts';
import { parseJson, property } from '../text/json.ts';
import type { Endpoint } from './endpoint.ts';
import { checkExpected } from './expected-cluster.ts';
import { type Cluster, NotTeleport, parseFind } from './find-response.ts';
import { probeFailure } from './probe-failure.ts';

export type { Cluster } from './find-response.ts';

/** Bytes. A response to `/webapi/find` has less than 4 KiB. */
const maxFindSize = 256 * 1024;

/** Bytes. A version has less than 20, a response to `/webapi/ping` less than 4096. */
const maxChannelSize = 64 * 1024;

/** Milliseconds. A proxy that does not respond is reported within 10 s. */
const defaultTimeouts: Timeouts = { connect: 5000, answer: 5000, stall: 5000 };

const defaultRetryPolicy: RetryPolicy = { attempts: 4, pause: 500, longest: 30_000 };

export interface ProxyProbe {
  readonly network: HttpClient;
  readonly signal: AbortSignal;
  /** Logs that an attempt failed and will be repeated. */
  readonly info?: (line: string) => void;
  readonly retryPolicy?: RetryPolicy;
  readonly timeouts?: Timeouts;
}

/** The endpoint to probe and the expected name of its cluster. */
export interface ClusterProbe {
  readonly endpoint: Endpoint;
  readonly expectedCluster: string | undefined;
}

/**
 * Returns the facts that the proxy reports without authentication, or undefined if the endpoint is an
 * Auth Service, which reports none. Throws as `fetchCluster` does, or a Problem `wrong-cluster`.
 */
export async function probeCluster(
  { endpoint, expectedCluster }: ClusterProbe,
  using: ProxyProbe,
): Promise<Cluster | undefined> {
  if (endpoint.kind === 'auth-server') return undefined;
  const cluster = await fetchCluster(endpoint.address, using);
  checkExpected(cluster.name, expectedCluster, {
    intro: `${endpoint.address} is the proxy of cluster`,
    input: 'proxy',
  });
  return cluster;
}

/**
 * Fetches `/webapi/find` from a proxy (`host:port`), which needs no credentials. Repeats retryable
 * failures. Throws a Problem `proxy-unreachable`, `proxy-untrusted`, `not-teleport` or
 * `rate-limited`, or the reason of the signal.
 */
export async function fetchCluster(proxy: string, using: ProxyProbe): Promise<Cluster> {
  const { signal, info, retryPolicy = defaultRetryPolicy } = using;
  try {
    return await retry(retryPolicy, signal, () => find(proxy, using), info);
  } catch (error) {
    throw signal.aborted ? error : probeFailure(proxy, error);
  }
}

async function find(
  proxy: string,
  { network, signal, timeouts = defaultTimeouts }: ProxyProbe,
): Promise<Cluster> {
  const reply = await network.get(`https://${proxy}/webapi/find`, {
    signal,
    timeouts,
    headers: { accept: 'application/json' },
  });
  if (reply.status === 200) return parseFind(await reply.text(maxFindSize));
  reply.discard();
  throw statusFailure(proxy, reply);
}

function statusFailure(proxy: string, { status, headers }: Reply): Error {
  if (status === 429 || status >= 500)
    return new StatusError(
      `${proxy} returned HTTP ${status}`,
      status,
      parseRetryAfter(headers['retry-after'], Date.now()),
    );
  return new NotTeleport(
    status >= 300 && status < 400
      ? `it redirected to ${destination(headers.location)} (HTTP ${status})`
      : `it returned HTTP ${status}`,
  );
}

/** Returns only the host, because the path and the query can contain a secret. */
function destination(location: string | undefined): string {
  return location !== undefined && URL.canParse(location) ? new URL(location).host : 'another path';
}

/**
 * Fetches the version of a cluster's default channel for automatic upgrades, unparsed, such as
 * `v18.2.4`. Only clusters without managed updates use the channel, and only `/webapi/ping` reports
 * whether it exists (Teleport, lib/web/apiserver.go). Undefined if there is no channel or no usable
 * response: the caller then uses the cluster's own version. Throws the reason of the signal.
 */
export async function fetchUpgradeChannel(
  proxy: string,
  using: { readonly network: Pick<HttpClient, 'get'>; readonly signal: AbortSignal },
): Promise<string | undefined> {
  try {
    const ping = await textAt(`https://${proxy}/webapi/ping`, using);
    if (property(parseJson(ping ?? ''), 'automatic_upgrades') !== true) return undefined;
    const channel = `https://${proxy}/v1/webapi/automaticupgrades/channel/default/version`;
    const version = (await textAt(channel, using))?.trim();
    return version === 'none' ? undefined : version;
  } catch (error) {
    if (using.signal.aborted) throw error;
    return undefined;
  }
}

async function textAt(
  url: string,
  { network, signal }: Parameters<typeof fetchUpgradeChannel>[1],
): Promise<string | undefined> {
  const reply = await network.get(url, { signal, timeouts: { connect: 5000, answer: 5000 } });
  const text = await reply.text(maxChannelSize);
  return reply.status === 200 ? text : undefined;
}
