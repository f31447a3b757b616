import { type IncomingMessage, request } from 'node:http';
import type { Socket } from 'node:net';

import { NetworkError, networkError } from './error.ts';

/** What is asked over a connection. */
export interface Question {
  readonly url: URL;
  /** The whole URL stands in the request line: a plain HTTP proxy wants it so. */
  readonly absolute: boolean;
  readonly headers: Readonly<Record<string, string>>;
  /** `host:port`, for messages. */
  readonly peer: string;
}

/** Sends a GET and waits for the head of the answer. Throws a NetworkError or the signal's reason. */
export function ask(
  socket: Socket,
  question: Question,
  signal: AbortSignal,
): Promise<IncomingMessage> {
  const { url } = question;
  return new Promise((resolve, reject) => {
    const asked = request({
      createConnection: () => socket,
      path: question.absolute ? url.href : `${url.pathname}${url.search}`,
      setHost: false,
      headers: {
        host: url.host,
        'user-agent': 'machine-id-action',
        accept: '*/*',
        connection: 'close',
        ...question.headers,
      },
    });
    const onAbort = (): void => void asked.destroy();
    signal.addEventListener('abort', onAbort, { once: true });
    asked.on('error', (error) => {
      signal.removeEventListener('abort', onAbort);
      reject(signal.aborted ? signal.reason : networkError(error, question.peer));
    });
    asked.once('response', (response) => {
      signal.removeEventListener('abort', onAbort);
      resolve(response);
    });
    if (signal.aborted) onAbort();
    asked.end();
  });
}

/**
 * The body of an answer. The time for which the reader itself is busy does not count as a stall.
 * Throws a NetworkError, or the signal's reason.
 */
export async function* bodyOf(
  response: IncomingMessage,
  peer: string,
  stall: number,
  signal: AbortSignal,
): AsyncGenerator<Uint8Array, void, void> {
  let ended: { readonly because: unknown } | undefined;
  const end = (because: unknown): void => {
    ended ??= { because };
    response.destroy();
  };
  const onAbort = (): void => end(signal.reason);
  signal.addEventListener('abort', onAbort, { once: true });
  if (signal.aborted) onAbort();
  const chunks: AsyncIterator<Uint8Array> = response[Symbol.asyncIterator]();
  try {
    for (;;) {
      const timer = setTimeout(() => end(stalled(peer, stall)), stall);
      const next = await chunks.next().finally(() => clearTimeout(timer));
      if (next.done) return;
      yield next.value;
    }
  } catch (error) {
    throw ended ? ended.because : brokenOff(error, peer);
  } finally {
    signal.removeEventListener('abort', onAbort);
    response.destroy();
  }
}

/** Whatever ends a body before its end is a broken connection. */
function brokenOff(cause: unknown, peer: string): NetworkError {
  return new NetworkError({
    kind: 'reset',
    what: `${peer} broke off in the middle of its answer`,
    cause,
  });
}

function stalled(peer: string, stall: number): NetworkError {
  return new NetworkError({
    kind: 'timeout',
    what: `${peer} stopped sending for ${stall / 1000} s`,
    passing: true,
  });
}

/** A whole body as UTF-8; one of more bytes than the limit is a NetworkError `too-long`. */
export async function textOf(
  body: AsyncIterable<Uint8Array>,
  most: number,
  peer: string,
): Promise<string> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of body) {
    length += chunk.length;
    if (length > most)
      throw new NetworkError({
        kind: 'too-long',
        what: `${peer} answers with more than ${most} bytes where a short answer belongs`,
      });
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}
