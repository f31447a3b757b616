import { setTimeout as sleep } from 'node:timers/promises';
import { Failure } from '../failure.ts';
import type { Reporter } from './registry.ts';
import type { LoopWords } from './words.ts';

/** A periodic task. */
export interface Loop {
  /** The time between two runs in seconds. */
  readonly interval: number;
  readonly attempts: number;
  readonly words: LoopWords;
  readonly reporter: Reporter;
  /** Whether the first run waits for one interval. */
  readonly waits: boolean;
  /** Whether tbot exits after the last failed attempt. */
  readonly ends: boolean;
  run(): Promise<void>;
}

/** Runs the task until tbot exits. Throws the Failure that makes it exit. Source: `lib/tbot/internal/loop.go`. */
export async function runLoop(loop: Loop): Promise<never> {
  let next = Date.now();
  if (loop.waits) next = await tick(next, loop);
  for (;;) {
    await runOnce(loop);
    next = await tick(next, loop);
  }
}

/** Waits as Go's ticker does: after a run longer than the interval, the next run starts immediately. */
async function tick(last: number, { interval }: Loop): Promise<number> {
  const next = last + interval * 1000;
  const now = Date.now();
  if (next > now) await sleep(next - now);
  return Math.max(next, now);
}

async function runOnce(loop: Loop): Promise<void> {
  const { words, reporter, attempts, ends } = loop;
  for (let attempt = 1; ; attempt += 1) {
    words.attempt(attempt);
    const failure = await failureOf(loop);
    if (failure === undefined) {
      reporter.healthy();
      return words.succeeded();
    }
    if (attempt === attempts) {
      reporter.unhealthy(failure.inline);
      words.exhausted(failure);
      if (ends) throw failure;
      return;
    }
    const backoff = backoffOf(attempt, loop);
    words.failed(attempt, backoff, failure);
    await sleep(backoff * 1000);
  }
}

async function failureOf(loop: Loop): Promise<Failure | undefined> {
  try {
    await loop.run();
    return undefined;
  } catch (error) {
    if (error instanceof Failure) return error;
    throw error;
  }
}

/** Returns the delay in seconds: it doubles after each attempt and has jitter. */
function backoffOf(attempt: number, { interval }: Loop): number {
  return firstBackoff(interval) * 2 ** (attempt - 1) * (0.5 + Math.random() / 2);
}

/** Returns the first delay: one second, or less if the interval is below the recorded 12 s, so that tests do not wait. */
export function firstBackoff(interval: number): number {
  return Math.min(1, interval / 12);
}
