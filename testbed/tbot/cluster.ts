import type { Answer, Reach } from './exchange.ts';
import { exchange } from './exchange.ts';
import { bothWays, Failure, report } from './failure.ts';
import type { Log } from './log.ts';
import { parseJson } from './network.ts';
import type { Json } from './values.ts';
import type { PlayedVersion } from './versions.ts';

/** The address of the cluster and the connection to it. */
export interface Cluster {
  readonly kind: 'proxy' | 'auth';
  /** `host:port` */
  readonly address: string;
  readonly version: PlayedVersion;
  readonly reach: Reach;
  /** The connection to servers that the system's CAs trust. */
  readonly web: Reach;
  readonly log: Log;
}

/** The protocol whose error messages are used. */
export type Speech = 'http' | 'grpc';

const joinPath = '/v1/webapi/host/credentials';
const redirected =
  'rpc error: code = Unknown desc = unexpected HTTP status code received from server: 302 (Found); malformed header: missing HTTP content-type';
const notJson = "invalid character '<' looking for beginning of value";

/** Posts JSON and returns the JSON response. Throws the Failure of a real client. */
export async function post(
  cluster: Cluster,
  path: string,
  body: object,
  options: { readonly speech: Speech; readonly bearer?: string },
): Promise<Json> {
  const { speech, bearer } = options;
  checkAddress(cluster);
  const url = new URL(`https://${cluster.address}${path}`);
  const authorization = bearer === undefined ? {} : { Authorization: `Bearer ${bearer}` };
  const headers = { 'Content-Type': 'application/json', ...authorization };
  const answer = await exchange(
    { method: 'POST', url, headers, body: JSON.stringify(body) },
    cluster.reach,
  ).catch((error: unknown) => {
    throw error instanceof Failure ? unreachable(cluster, error, speech) : error;
  });
  return read(cluster, answer, speech, bearer === undefined);
}

/**
 * Pings the proxy, whose address comes from the Auth Service if that is the endpoint.
 * Source: `lib/tbot/internal/caching_proxy_pinger.go`.
 */
export async function find(
  cluster: Cluster,
  bearer: string,
): Promise<{ proxy: { ssh: { public_addr: string } } }> {
  const address = cluster.kind === 'proxy' ? cluster.address : await proxyOf(cluster, bearer);
  const url = new URL(`https://${address}/webapi/find`);
  const answer = await exchange({ method: 'GET', url }, cluster.web);
  if (answer.status !== 200) throw new Failure(answer.text.trim());
  return parseJson(answer.text);
}

async function proxyOf(cluster: Cluster, bearer: string): Promise<string> {
  const pong: Json = await post(cluster, '/testbed/ping', {}, { speech: 'grpc', bearer });
  return pong.proxyPublicAddr;
}

function checkAddress(cluster: Cluster): void {
  if (/:\d+$/.test(cluster.address)) return;
  const missing = `address ${cluster.address}: missing port in address`;
  cluster.log.error({ component: 'CLIENT', caller: 'client/weblogin.go:345' }, missing);
  const invalid = new Failure(`'${cluster.address}' is not a valid proxy address`);
  throw cluster.version.triesTwoWays
    ? bothWays(new Failure(`dial tcp: ${missing}`), invalid)
    : invalid;
}

function unreachable(cluster: Cluster, error: Failure, speech: Speech): Failure {
  if (error.kind === 'certificate') return error;
  const told =
    speech === 'http'
      ? new Failure(`Post "https://${cluster.address}${joinPath}": ${error.message}`)
      : new Failure(
          `rpc error: code = Unavailable desc = connection error: desc = "transport: Error while dialing: ${error.message}"`,
        );
  if (!triesBoth(cluster)) return told;
  return bothWays(speech === 'http' ? error : told, told);
}

/** Tries a proxy and then an Auth Service; join.ts has the other order. */
function triesBoth({ kind, version }: Cluster): boolean {
  return kind === 'proxy' && version.triesTwoWays;
}

function read(cluster: Cluster, answer: Answer, speech: Speech, joining: boolean): Json {
  try {
    if (answer.status === 200 && isJson(answer)) return parseJson(answer.text);
    throw refusal(answer, speech, cluster.version);
  } catch (error) {
    if (!(error instanceof Failure) || !joining || !triesBoth(cluster)) throw error;
    cluster.log.debug(
      { component: 'AUTH', caller: 'auth/register.go:284' },
      `Registration through proxy server failed. error:[${report(error).trimEnd()}]`,
    );
    throw bothWays(error, secondWay(speech));
  }
}

/** A proxy returns its login page to requests for an Auth Service. Recorded from tbot 15.0.0-dev. */
export function secondWay(speech: Speech): Failure {
  return new Failure(speech === 'http' ? notJson : redirected);
}

function refusal(answer: Answer, speech: Speech, version: PlayedVersion): Failure {
  if (isJson(answer)) {
    const { error }: { error?: string } = parseJson(answer.text);
    const text = error ?? answer.text;
    const prefixed = speech === 'grpc' && version.triesTwoWays;
    return new Failure(prefixed ? `rpc error: code = PermissionDenied desc = ${text}` : text);
  }
  if (speech === 'grpc') {
    return new Failure(
      `rpc error: code = Unknown desc = unexpected HTTP status code received from server: ${answer.status}; transport: received unexpected content-type ${JSON.stringify(answer.type)}`,
    );
  }
  return new Failure(answer.status === 200 ? notJson : answer.text.trim());
}

function isJson(answer: Answer): boolean {
  return answer.type.startsWith('application/json');
}
