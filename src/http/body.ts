import type { Readable } from 'node:stream';

import { codeOf } from '../text/error-code.ts';
import { NetworkError } from './http-error.ts';

export interface BodyOptions {
  /** `host:port`, for error messages. */
  readonly peer: string;
  /** Milliseconds without data after which undici ends the body; for error messages. */
  readonly stall: number;
  readonly signal: AbortSignal;
}

/**
 * Yields the body of a response. The consumer's own time does not count as a stall. Throws a
 * NetworkError, or the signal's reason.
 */
export async function* bodyOf(
  stream: Readable,
  options: BodyOptions,
): AsyncGenerator<Uint8Array, void, void> {
  const chunks: AsyncIterable<Uint8Array> = stream;
  try {
    for await (const chunk of chunks) yield chunk;
  } catch (error) {
    throw options.signal.aborted ? options.signal.reason : interrupted(error, options);
  } finally {
    stream.destroy();
  }
}

/** Any other error in the middle of a body means that the connection was lost. */
function interrupted(cause: unknown, { peer, stall }: BodyOptions): NetworkError {
  const stalled = codeOf(cause) === 'UND_ERR_BODY_TIMEOUT';
  return new NetworkError({
    kind: stalled ? 'timeout' : 'reset',
    what: stalled
      ? `${peer} sent no data for ${stall / 1000} s`
      : `${peer} closed the connection in the middle of the response`,
    retryable: true,
    cause,
  });
}

/** Returns a whole body as UTF-8. Throws a NetworkError `too-long` above `limit` bytes. */
export async function textOf(
  body: AsyncIterable<Uint8Array>,
  limit: number,
  peer: string,
): Promise<string> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of body) {
    length += chunk.length;
    if (length > limit)
      throw new NetworkError({
        kind: 'too-long',
        what: `the response of ${peer} is longer than ${limit} bytes`,
      });
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}
