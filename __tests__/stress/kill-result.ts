import { problemCodes } from '../../src/problem.ts';
import type { JobEnd, StepResult } from '../../testbed/runner/runner.ts';
import type { Scenario } from './stand.ts';
import type { Way } from './stop.ts';

/** One job that is stopped at an event, or that is not stopped. */
export interface KillCase {
  readonly scenario: Scenario;
  /** The step that is stopped; its post step follows, or the next job on the runner. */
  readonly step: 'main' | 'post';
  /** The label of the event; without one the job only records its events. */
  readonly event?: string;
  readonly way: Way;
  /** What follows a post step that was killed. */
  readonly sequel?: 'post' | 'next job';
  /** A post step that does nothing, to prove that the checks fail. */
  readonly idlePost?: boolean;
  /** A tbot that runs until it is killed. */
  readonly tbotHangs?: boolean;
}

export interface KillResult {
  /** The labels of all events of the stopped step, in their order. */
  readonly events: readonly string[];
  /** What is wrong, as one line each. */
  readonly failures: readonly string[];
}

/** Returns whether a message to a lane is a case. */
export function isKillCase(message: unknown): message is KillCase {
  return typeof message === 'object' && message !== null && 'scenario' in message;
}

/** Returns whether a message of a lane is the result of a case. */
export function isKillResult(message: unknown): message is KillResult {
  return typeof message === 'object' && message !== null && 'failures' in message;
}

/** Returns that the event did not happen, if it did not. */
export function unreached({ event }: KillCase, events: readonly string[]): readonly string[] {
  return event === undefined || events.includes(event) ? [] : ['the event did not happen'];
}

const titles: ReadonlySet<string> = new Set(
  problemCodes.map((code) => `machine-id-action: ${code}`),
);

/** Returns what is wrong with the end of the main step. */
export function wrongMain({ step, event, way }: KillCase, main: StepResult): readonly string[] {
  const stopped = step === 'main' && event !== undefined;
  const { exitCode, signal, annotations, outputs } = main;
  // The runner's own errors have no title.
  const codes = annotations.flatMap(({ level, title }) =>
    level === 'error' && title ? [title] : [],
  );
  const told = `exit code ${exitCode}, signal ${signal}, errors ${codes.join(', ')}`;
  if (exitCode === 0)
    return outputs['credentials'] && codes.length === 0 ? [] : [`main is incomplete: ${told}`];
  if (!stopped) return [`main failed: ${told}\n${main.log}`];
  if (signal !== null) return signal === way && !handled(way) ? [] : [`main died: ${told}`];
  const expected = handled(way) ? ['machine-id-action: cancelled'] : [...titles];
  const isExpected = codes.length === 1 && codes.every((code) => expected.includes(code));
  return isExpected ? [] : [`main reported something else: ${told}\n${main.log.slice(-800)}`];
}

function handled(way: Way): boolean {
  return way === 'SIGINT' || way === 'SIGTERM';
}

/** Returns what is wrong with the end of the post step, which fails only if it is killed. */
export function wrongPost({ step, event }: KillCase, { posts }: JobEnd): readonly string[] {
  const killed = step === 'post' && event !== undefined;
  const [post] = posts;
  if (posts.length !== 1 || post === undefined) return ['there was no post step'];
  if (killed ? post.signal === 'SIGKILL' : post.exitCode === 0) return [];
  return [`post ended with exit code ${post.exitCode}, signal ${post.signal}: ${post.log}`];
}
