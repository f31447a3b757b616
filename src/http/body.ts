import type { Readable } from 'node:stream';

import { codeOf } from '../text/error-code.ts';
import { NetworkError } from './http-error.ts';

/** What the sentences about a body need. */
export interface BodyOf {
  /** `host:port`. */
  readonly peer: string;
  /** Milliseconds. */
  readonly stall: number;
  readonly signal: AbortSignal;
}

/**
 * The body of an answer. The time for which the reader itself is busy does not count as a stall.
 * Throws a NetworkError, or the signal's reason.
 */
export async function* bodyOf(
  stream: Readable,
  about: BodyOf,
): AsyncGenerator<Uint8Array, void, void> {
  const chunks: AsyncIterable<Uint8Array> = stream;
  try {
    for await (const chunk of chunks) yield chunk;
  } catch (error) {
    throw about.signal.aborted ? about.signal.reason : brokenOff(error, about);
  } finally {
    stream.destroy();
  }
}

/** Whatever ends a body before its end is a broken connection. */
function brokenOff(cause: unknown, { peer, stall }: BodyOf): NetworkError {
  const stalled = codeOf(cause) === 'UND_ERR_BODY_TIMEOUT';
  return new NetworkError({
    kind: stalled ? 'timeout' : 'reset',
    what: stalled
      ? `${peer} stopped sending for ${stall / 1000} s`
      : `${peer} broke off in the middle of its answer`,
    retryable: true,
    cause,
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
