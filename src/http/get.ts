import type { Dispatcher } from 'undici';

import type { Environment } from '../ci/port.ts';
import { codeOf } from '../text/error-code.ts';
import { bodyOf, textOf } from './body.ts';
import { type Connections, dispatcherFor, tunnelTimedOut } from './dispatchers.ts';
import { bareHost, isLoopback } from './hosts.ts';
import { isIssuerUnknown, NetworkError, networkError } from './http-error.ts';
import { type Destination, httpProxyFor, peerName, portOf } from './proxy-choice.ts';

/** Milliseconds. */
export interface Timeouts {
  /** DNS, TCP and TLS; with an HTTP proxy, for each of: connecting, its response, TLS through it. */
  readonly connect: number;
  /** From the request to the headers of the response. */
  readonly answer: number;
  /** The longest pause in the body. */
  readonly stall: number;
}

const defaultTimeouts: Timeouts = { connect: 5000, answer: 10_000, stall: 20_000 };

export interface GetOptions {
  /** Default: GET. A POST has no body, and must not follow redirects. */
  readonly method?: 'GET' | 'POST';
  readonly signal: AbortSignal;
  /** Not sent to another origin after a redirect. */
  readonly headers?: Readonly<Record<string, string>>;
  readonly timeouts?: Partial<Timeouts>;
  /** Number of redirects to follow, never from https to http. Default: 0. */
  readonly redirects?: number;
}

export interface Reply {
  /** The URL after redirects. */
  readonly url: string;
  readonly status: number;
  /** By lower-case name; repeated headers are joined by commas. */
  readonly headers: Readonly<Record<string, string | undefined>>;
  /** Can be read once; ending the iteration early closes the connection. */
  readonly body: AsyncIterable<Uint8Array>;
  /** Returns the body as UTF-8. Throws a NetworkError `too-long` above `limit` bytes. */
  text(limit: number): Promise<string>;
  /** Closes the connection without reading the body. */
  discard(): void;
}

/** Sends a request and follows redirects. Throws a NetworkError, or the signal's reason. */
export async function get(connections: Connections, url: URL, options: GetOptions): Promise<Reply> {
  let from = url;
  let headers = options.headers ?? {};
  for (let left = options.redirects ?? 0; ; left -= 1) {
    const reply = await getOnce(connections, from, { ...options, headers });
    const next = options.redirects ? redirectOf(from, reply, left) : undefined;
    if (!next) return reply;
    if (next.origin !== from.origin) headers = {};
    from = next;
  }
}

/**
 * Returns the URL that a response redirects to, or undefined if it is not a redirect. Throws a
 * NetworkError `redirect` after the last permitted redirect and for one to a URL without TLS.
 */
function redirectOf(from: URL, reply: Reply, left: number): URL | undefined {
  const { location } = reply.headers;
  if (![301, 302, 303, 307, 308].includes(reply.status) || location === undefined) return undefined;
  reply.discard();
  const fail = (what: string): never => {
    throw new NetworkError({ kind: 'redirect', what: `${from.host} ${what}` });
  };
  if (!URL.canParse(location, from.href)) return fail('redirected to an invalid URL');
  const next = new URL(location, from);
  const onLoopback = isLoopback(from) && isLoopback(next);
  const safe = next.protocol === 'https:' || (next.protocol === 'http:' && onLoopback);
  if (!safe) return fail(`redirected to a URL without TLS (${next.protocol}//${next.host})`);
  return left > 0 ? next : fail('redirected too many times');
}

async function getOnce(connections: Connections, url: URL, options: GetOptions): Promise<Reply> {
  const timeouts = { ...defaultTimeouts, ...options.timeouts };
  const { signal } = options;
  const destination = destinationOf(url, connections.env);
  const attempt = async (): Promise<Dispatcher.ResponseData> => {
    const dispatcher = await dispatcherFor(connections, destination, timeouts.connect);
    return send(dispatcher, url, timeouts, options).catch((error: unknown) => {
      throw signal.aborted ? signal.reason : failureOf(error, destination, timeouts);
    });
  };
  const { statusCode, headers, body } = await attempt().catch((error: unknown) => {
    // The system's CA certificates are slow to load, so they are used only if Node's are not enough.
    if (!isIssuerUnknown(error) || !connections.trust.addSystemCertificates()) throw error;
    return attempt();
  });
  const peer = peerName(destination);
  const chunks = bodyOf(body, { peer, stall: timeouts.stall, signal });
  return {
    url: url.href,
    status: statusCode,
    headers: headersOf(headers),
    body: chunks,
    text: (limit) => textOf(chunks, limit, peer),
    discard: () => void body.destroy(),
  };
}

/** Sends one request. Checks the signal here too, because undici ignores it until it is connected. */
async function send(
  dispatcher: Dispatcher,
  url: URL,
  timeouts: Timeouts,
  { method = 'GET', signal, headers }: GetOptions,
): Promise<Dispatcher.ResponseData> {
  signal.throwIfAborted();
  const response = dispatcher.request({
    origin: url.origin,
    path: `${url.pathname}${url.search}`,
    method,
    headers: { 'user-agent': 'machine-id-action', accept: '*/*', ...headers },
    headersTimeout: timeouts.answer,
    bodyTimeout: timeouts.stall,
    signal,
  });
  // Also handles errors of a response that is no longer awaited and of a body that is never read.
  response.then(
    ({ body }) => void body.on('error', () => undefined),
    () => undefined,
  );
  return unlessAborted(response, signal);
}

async function unlessAborted<T>(response: Promise<T>, signal: AbortSignal): Promise<T> {
  const done = new AbortController();
  const options = { once: true, signal: done.signal };
  const aborted = new Promise<never>((_, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason), options);
  });
  try {
    return await Promise.race([response, aborted]);
  } finally {
    done.abort();
  }
}

function headersOf(headers: Dispatcher.ResponseData['headers']): Reply['headers'] {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name, value?.toString()]),
  );
}

function destinationOf(url: URL, env: Environment): Destination {
  try {
    return { host: bareHost(url), port: portOf(url), proxy: httpProxyFor(url, env) };
  } catch (cause) {
    const what =
      cause instanceof Error ? cause.message : 'the address of the HTTP proxy is invalid';
    throw new NetworkError({ kind: 'proxy', what, cause });
  }
}

function failureOf(error: unknown, destination: Destination, timeouts: Timeouts): unknown {
  // undici wraps an HTTP proxy's certificate error.
  if (error instanceof Error && error.cause instanceof NetworkError) return error.cause;
  const peer = peerName(destination);
  const code = codeOf(error);
  if (code === 'UND_ERR_HEADERS_TIMEOUT')
    return timedOut(
      `${peer} accepted the connection but did not respond within ${timeouts.answer / 1000} s`,
    );
  if (code !== 'UND_ERR_CONNECT_TIMEOUT') return networkError(error, peer);
  return destination.proxy
    ? tunnelTimedOut(peer, destination.proxy, timeouts.connect)
    : timedOut(`the connection to ${peer} timed out after ${timeouts.connect / 1000} s`);
}

function timedOut(what: string): NetworkError {
  return new NetworkError({ kind: 'timeout', what });
}
