import { setTimeout as pause } from 'node:timers/promises';

import { NetworkError } from './http-error.ts';

/** An answer whose status is not the one that was wanted. */
export class StatusError extends Error {
  override readonly name = 'StatusError';
  readonly status: number;
  /** Milliseconds that the server wants us to wait. */
  readonly retryAfter: number | undefined;

  constructor(what: string, status: number, retryAfter: number | undefined) {
    super(what);
    this.status = status;
    this.retryAfter = retryAfter;
  }
}

/** How long to go on trying. */
export interface RetryPolicy {
  readonly attempts: number;
  /** Milliseconds before the second attempt; doubles each time, four times as long after a 429. */
  readonly pause: number;
  /** Milliseconds; when a server asks us to wait for longer, no further attempt is made. */
  readonly longest: number;
}

/** Repeats what can pass by itself: a broken connection, 429, 5xx. Throws the last error. */
export async function retry<T>(
  retryPolicy: RetryPolicy,
  signal: AbortSignal,
  attempt: () => Promise<T>,
  again: (error: Error, milliseconds: number) => void = () => undefined,
): Promise<T> {
  for (let count = 1; ; count += 1) {
    try {
      return await attempt();
    } catch (error) {
      const wait = count < retryPolicy.attempts ? retryDelay(error, count, retryPolicy) : undefined;
      if (wait === undefined || signal.aborted || !(error instanceof Error)) throw error;
      again(error, wait);
      await rest(wait, signal);
    }
  }
}

/** Milliseconds to wait after the attempt of this number, undefined when another is of no use. */
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
  const asked = error instanceof StatusError ? (error.retryAfter ?? 0) : 0;
  if (asked > retryPolicy.longest) return undefined;
  const crowded = error instanceof StatusError && error.status === 429;
  return asked > 0
    ? Math.round(asked + Math.random() * retryPolicy.pause)
    : backoff(count, retryPolicy, crowded);
}

/**
 * Milliseconds to wait after the attempt of this number where nobody asks for more. No two wait
 * alike, and a crowd that is turned away is not gone in a second.
 */
export function backoff(count: number, { pause: first }: RetryPolicy, crowded: boolean): number {
  return Math.round((crowded ? 4 : 1) * first * 2 ** (count - 1) * (0.5 + Math.random()));
}

/** Waits for so many milliseconds. Throws the signal's reason. */
export async function rest(milliseconds: number, signal: AbortSignal): Promise<void> {
  try {
    await pause(milliseconds, undefined, { signal });
  } catch (error) {
    throw signal.aborted ? signal.reason : error;
  }
}

/** Retry-After (RFC 9110, section 10.2.3: seconds, or a date) in milliseconds. */
export function parseRetryAfter(value: string | undefined, now: number): number | undefined {
  if (value === undefined) return undefined;
  if (/^\d{1,9}$/.test(value.trim())) return Number(value) * 1000;
  const date = Date.parse(value);
  return Number.isNaN(date) ? undefined : Math.max(0, date - now);
}
