import { problemCodes } from '../../src/problem.ts';
import type { JobEnd, StepResult } from '../../testbed/runner/runner.ts';
import { stoppedLabel } from './events.ts';
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

/** Returns whether the step was not stopped where it should have been. */
export function notStopped({ event }: KillCase, events: readonly string[]): readonly string[] {
  if (event === undefined) return [];
  if (!events.includes(event)) return ['the event did not happen'];
  return events.includes(stoppedLabel) ? [] : ['the step was not stopped'];
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
  const expected = handled(way) ? ['machine-id-action: cancelled'] : titlesAfter(way);
  const isExpected = codes.length === 1 && codes.every((code) => expected.includes(code));
  return isExpected ? [] : [`main reported something else: ${told}\n${main.log.slice(-800)}`];
}

/** A full disk is reported at once, not by the timeout. */
function titlesAfter(way: Way): readonly string[] {
  return [...titles].filter((title) => way !== 'full disk' || !title.endsWith(': timeout'));
}

function handled(way: Way): boolean {
  return way === 'SIGINT' || way === 'SIGTERM';
}

/**
 * Returns what is wrong with the end of the post step, which fails only if it is killed, and warns of
 * what it cannot remove.
 */
export function wrongPost({ step, event, idlePost }: KillCase, end: JobEnd): readonly string[] {
  const killed = step === 'post' && event !== undefined;
  const [post] = end.posts;
  if (end.posts.length !== 1 || post === undefined) return ['there was no post step'];
  const { exitCode, signal, annotations, log } = post;
  if (killed) return signal === 'SIGKILL' ? [] : [`post was not killed: ${log}`];
  const warned = annotations.some(({ title }) => title === 'machine-id-action: leftover');
  const silent = end.leftInTemp.length > 0 && !warned && idlePost !== true;
  return [
    ...(exitCode === 0 ? [] : [`post ended with exit code ${exitCode}, signal ${signal}: ${log}`]),
    ...(silent ? [`post did not warn that it left ${end.leftInTemp.join(', ')}`] : []),
  ];
}
