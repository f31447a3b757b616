import type { Dispatcher } from 'undici';

import type { Environment } from '../ci/port.ts';
import { bodyOf, textOf } from './body.ts';
import { codeOf } from '../text/error-code.ts';
import { dispatcherFor, type Wires } from './dispatchers.ts';
import { isAuthorityUnknown, NetworkError, networkError } from './http-error.ts';
import { unreached } from './proxy-tunnel.ts';
import { redirectOf } from './redirect.ts';
import { bareHost } from './loopback.ts';
import { httpProxyFor, portOf } from './proxy-choice.ts';
import { peerName, type Target } from './target.ts';

/** Milliseconds. */
export interface Timeouts {
  /** Name, TCP and TLS; with an HTTP proxy, each of: reaching it, its answer, TLS through it. */
  readonly connect: number;
  /** From the request to the head of the answer. */
  readonly answer: number;
  /** The longest pause in the body. */
  readonly stall: number;
}

const usualTimeouts: Timeouts = { connect: 5000, answer: 10_000, stall: 20_000 };

export interface GetOptions {
  readonly signal: AbortSignal;
  /** Dropped when a redirect leads to another origin. */
  readonly headers?: Readonly<Record<string, string>>;
  readonly timeouts?: Partial<Timeouts>;
  /** How many redirects are followed, never from https to http; default none. */
  readonly redirects?: number;
}

export interface Reply {
  /** Where the answer came from in the end. */
  readonly url: string;
  readonly status: number;
  /** Names in lower case; what came several times is joined by commas. */
  readonly headers: Readonly<Record<string, string | undefined>>;
  /** To be read once; leaving it early ends the connection. */
  readonly body: AsyncIterable<Uint8Array>;
  /** The body as UTF-8; a longer one is a NetworkError `too-long`. */
  text(limit: number): Promise<string>;
  /** Ends the connection without reading the body. */
  discard(): void;
}

/** Asks, and follows as many redirects as are allowed. */
export async function get(wires: Wires, url: URL, options: GetOptions): Promise<Reply> {
  let from = url;
  let headers = options.headers ?? {};
  for (let left = options.redirects ?? 0; ; left -= 1) {
    const reply = await getOnce(wires, from, { ...options, headers });
    const next = options.redirects ? redirectOf(from, reply, left) : undefined;
    if (!next) return reply;
    if (next.origin !== from.origin) headers = {};
    from = next;
  }
}

async function getOnce(wires: Wires, url: URL, options: GetOptions): Promise<Reply> {
  const times = { ...usualTimeouts, ...options.timeouts };
  const { signal } = options;
  const target = targetOf(url, wires.env);
  const ask = async (): Promise<Dispatcher.ResponseData> => {
    const dispatcher = await dispatcherFor(wires, target, times.connect);
    return send(dispatcher, url, times, options).catch((error: unknown) => {
      throw signal.aborted ? signal.reason : failed(error, target, times);
    });
  };
  const { statusCode, headers, body } = await ask().catch((error: unknown) => {
    // A certificate of an unknown authority is tried once more with this machine's list.
    if (!isAuthorityUnknown(error) || !wires.trust.widen()) throw error;
    return ask();
  });
  const peer = peerName(target);
  const chunks = bodyOf(body, { peer, stall: times.stall, signal });
  return {
    url: url.href,
    status: statusCode,
    headers: headersOf(headers),
    body: chunks,
    text: (most) => textOf(chunks, most, peer),
    discard: () => void body.destroy(),
  };
}

/** undici looks at the signal only once it is connected. */
async function send(
  dispatcher: Dispatcher,
  url: URL,
  times: Timeouts,
  { signal, headers }: GetOptions,
): Promise<Dispatcher.ResponseData> {
  signal.throwIfAborted();
  const asked = dispatcher.request({
    origin: url.origin,
    path: `${url.pathname}${url.search}`,
    method: 'GET',
    headers: { 'user-agent': 'machine-id-action', accept: '*/*', ...headers },
    headersTimeout: times.answer,
    bodyTimeout: times.stall,
    signal,
  });
  // Also for an answer that is not waited for any more, and a body that is left alone.
  asked.then(
    ({ body }) => void body.on('error', () => undefined),
    () => undefined,
  );
  return sooner(asked, signal);
}

async function sooner<T>(asked: Promise<T>, signal: AbortSignal): Promise<T> {
  const done = new AbortController();
  const options = { once: true, signal: done.signal };
  const ended = new Promise<never>((_, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason), options);
  });
  try {
    return await Promise.race([asked, ended]);
  } finally {
    done.abort();
  }
}

function headersOf(headers: Dispatcher.ResponseData['headers']): Reply['headers'] {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name, value?.toString()]),
  );
}

function targetOf(url: URL, env: Environment): Target {
  const end = { host: bareHost(url), port: portOf(url), secure: url.protocol === 'https:' };
  try {
    return { ...end, proxy: httpProxyFor(url, env) };
  } catch (cause) {
    const what = cause instanceof Error ? cause.message : 'the HTTP proxy has no usable address';
    throw new NetworkError({ kind: 'proxy', what, cause });
  }
}

function failed(error: unknown, target: Target, times: Timeouts): unknown {
  // So undici wraps the wrong certificate of an HTTP proxy.
  if (error instanceof Error && error.cause instanceof NetworkError) return error.cause;
  const peer = peerName(target);
  const code = codeOf(error);
  if (code === 'UND_ERR_HEADERS_TIMEOUT')
    return late(`${peer} takes the connection and says nothing for ${times.answer / 1000} s`);
  if (code !== 'UND_ERR_CONNECT_TIMEOUT') return networkError(error, peer);
  return target.proxy
    ? unreached(peer, target.proxy, times.connect)
    : late(`nothing answers at ${peer} within ${times.connect / 1000} s`);
}

function late(what: string): NetworkError {
  return new NetworkError({ kind: 'timeout', what });
}
