import type { IncomingHttpHeaders } from 'node:http';

import type { Environment } from '../runner.ts';
import { NetworkError } from './error.ts';
import { ask, bodyOf, type Question, textOf } from './exchange.ts';
import { within } from './limit.ts';
import { reach, type Wires } from './reach.ts';
import { redirectOf } from './redirect.ts';
import { bareHost, httpProxyFor, portOf } from './route.ts';
import { peerName, type Target } from './target.ts';

/** Milliseconds. */
export interface Timeouts {
  /** Name, TCP, the HTTP proxy and TLS together. */
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
  readonly headers: Readonly<IncomingHttpHeaders>;
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
  const peer = peerName(target);
  const socket = await reach(wires, target, times.connect, signal);
  const response = await within(
    times.answer,
    signal,
    () => silent(peer, times.answer),
    (limited) => ask(socket, questionFor(url, target, options.headers), limited),
  );
  const body = bodyOf(response, peer, times.stall, signal);
  return {
    url: url.href,
    status: response.statusCode ?? 0,
    headers: response.headers,
    body,
    text: (most) => textOf(body, most, peer),
    discard: () => void response.destroy(),
  };
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

function questionFor(url: URL, target: Target, headers: GetOptions['headers']): Question {
  const absolute = !target.secure && target.proxy !== undefined;
  const authorization = absolute ? target.proxy?.authorization : undefined;
  return {
    url,
    absolute,
    peer: peerName(target),
    headers: { ...headers, ...(authorization && { 'proxy-authorization': authorization }) },
  };
}

function silent(peer: string, milliseconds: number): NetworkError {
  return new NetworkError({
    kind: 'timeout',
    what: `${peer} takes the connection and says nothing for ${milliseconds / 1000} s`,
  });
}
