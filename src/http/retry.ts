import { setTimeout as pause } from 'node:timers/promises';

import { Problem } from '../problem.ts';
import type { Reply } from './get.ts';
import { NetworkError } from './http-error.ts';

/** A response whose status is not the expected one. */
export class StatusError extends Error {
  override readonly name = 'StatusError';
  readonly status: number;
  /** Milliseconds from the `Retry-After` header. */
  readonly retryAfter: number | undefined;

  constructor(what: string, status: number, retryAfter: number | undefined) {
    super(what);
    this.status = status;
    this.retryAfter = retryAfter;
  }
}

/** Returns the response if its status is 200. Throws a StatusError otherwise. */
export function ok(reply: Reply): Reply {
  if (reply.status === 200) return reply;
  reply.discard();
  const wait = parseRetryAfter(reply.headers['retry-after'], Date.now());
  const { host } = new URL(reply.url);
  throw new StatusError(`${host} returned HTTP ${reply.status}`, reply.status, wait);
}

/** How often and how long to retry. */
export interface RetryPolicy {
  readonly attempts: number;
  /** Milliseconds before the second attempt; doubles each time, four times as long after HTTP 429. */
  readonly pause: number;
  /** Milliseconds; a longer `Retry-After` ends the attempts. */
  readonly longest: number;
}

/**
 * Repeats an attempt after retryable failures: lost connections, HTTP 429 and 5xx. Throws the last
 * error, or the signal's reason, see `stopReason`.
 */
export async function retry<T>(
  retryPolicy: RetryPolicy,
  signal: AbortSignal,
  attempt: () => Promise<T>,
  info: (line: string) => void = () => undefined,
): Promise<T> {
  let last: Error | undefined;
  for (let count = 1; ; count += 1) {
    try {
      return await attempt();
    } catch (error) {
      if (signal.aborted) throw stopReason(signal, last);
      const wait = count < retryPolicy.attempts ? retryDelay(error, count, retryPolicy) : undefined;
      if (wait === undefined || !(error instanceof Error)) throw error;
      last = error;
      info(`Attempt failed: ${error.message}. Retrying in ${Math.ceil(wait / 1000)} s.`);
      await rest(wait, signal, last);
    }
  }
}

/** Returns the reason of an aborted signal. A timeout also names the last failed attempt. */
export function stopReason({ reason }: AbortSignal, last: Error | undefined): unknown {
  if (!last || !(reason instanceof Problem) || reason.code !== 'timeout') return reason;
  const lastAttempt = `The last attempt failed: ${last.message.replace(/\.$/, '')}.`;
  const { code, message, fix } = reason;
  return new Problem({ code, what: `${message} ${lastAttempt}`, fix, cause: last });
}

/** Returns the milliseconds to wait after attempt number `count`, or undefined to stop trying. */
export function retryDelay(
  error: unknown,
  count: number,
  retryPolicy: RetryPolicy,
): number | undefined {
  const retryable =
    error instanceof NetworkError
      ? error.retryable
      : error instanceof StatusError && (error.status === 429 || error.status >= 500);
  if (!retryable) return undefined;
  const requested = error instanceof StatusError ? (error.retryAfter ?? 0) : 0;
  if (requested > retryPolicy.longest) return undefined;
  const rateLimited = error instanceof StatusError && error.status === 429;
  return requested > 0
    ? Math.round(requested + Math.random() * retryPolicy.pause)
    : backoff(count, retryPolicy, rateLimited);
}

/**
 * Returns the milliseconds to wait after attempt number `count` without a `Retry-After`. The random
 * part spreads clients that failed at the same time, and a rate limit needs longer to recover.
 */
export function backoff(
  count: number,
  { pause: first }: RetryPolicy,
  rateLimited: boolean,
): number {
  return Math.round((rateLimited ? 4 : 1) * first * 2 ** (count - 1) * (0.5 + Math.random()));
}

/** Waits after the failure `last`. Throws `stopReason`. */
export async function rest(milliseconds: number, signal: AbortSignal, last: Error): Promise<void> {
  try {
    await pause(milliseconds, undefined, { signal });
  } catch (error) {
    throw signal.aborted ? stopReason(signal, last) : error;
  }
}

/** Returns `Retry-After` in milliseconds (RFC 9110, section 10.2.3: seconds or a date). */
export function parseRetryAfter(value: string | undefined, now: number): number | undefined {
  if (value === undefined) return undefined;
  if (/^\d{1,9}$/.test(value.trim())) return Number(value) * 1000;
  const date = Date.parse(value);
  return Number.isNaN(date) ? undefined : Math.max(0, date - now);
}
