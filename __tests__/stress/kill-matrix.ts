import { availableParallelism } from 'node:os';
import { isKillResult, type KillCase, type KillResult } from './kill-result.ts';
import { canMount, startLane } from './lane.ts';
import { type Scenario, scenarios } from './stand.ts';
import { isDiskFault, type Way, ways } from './stop.ts';

/** What the cases found. */
export interface MatrixReport {
  readonly cases: number;
  /** Each with the case that it belongs to. */
  readonly failures: readonly string[];
  readonly milliseconds: number;
}

/** The events of a step in a job without faults. */
export interface Recording {
  readonly scenario: Scenario;
  readonly step: 'main' | 'post';
  readonly events: readonly string[];
}

/** Records the events of every step in every scenario. */
export async function record(): Promise<readonly Recording[]> {
  const plans = scenarios.flatMap((scenario) => [
    { scenario, step: 'main', way: 'SIGKILL' } as const,
    { scenario, step: 'post', way: 'SIGKILL' } as const,
  ]);
  const recordings: Recording[] = [];
  await runCases(plans, (plan, { events, failures }) => {
    if (failures.length > 0) throw new Error(`${titleOf(plan)}: ${failures.join('\n')}`);
    recordings.push({ scenario: plan.scenario, step: plan.step, events });
  });
  return recordings.toSorted((one, other) => order(one) - order(other));
}

function order({ scenario, step }: Recording): number {
  return 2 * scenarios.indexOf(scenario) + (step === 'main' ? 0 : 1);
}

/**
 * Returns the ways that this machine can play. No file system becomes read-only while tbot in the
 * background has its log open for writing.
 */
function playable(scenario: Scenario): readonly Way[] {
  return ways.filter((way) => {
    if (scenario === 'background' && way === 'read-only') return false;
    return canMount || !isDiskFault(way);
  });
}

/** Returns a case for every event and every way to stop there. */
export function everyCase(recordings: readonly Recording[]): readonly KillCase[] {
  return recordings.flatMap(({ scenario, step, events }) =>
    events.flatMap((event): readonly KillCase[] => {
      const base = { scenario, step, event };
      if (step === 'main') return playable(scenario).map((way) => ({ ...base, way }));
      return sequels.map((sequel) => ({ ...base, way: 'SIGKILL', sequel }));
    }),
  );
}

const sequels = ['post', 'next job'] as const;

/**
 * Returns a case for every event, each with a different way than the one before. Of consecutive events
 * of one kind only the first and the last count, and events of an earlier scenario are not repeated.
 * With tbot in the background, main is always killed.
 */
export function oneCaseEach(recordings: readonly Recording[]): readonly KillCase[] {
  const background = recordings.find(({ scenario, step }) => isBackground(scenario, step));
  const started = background?.events.slice(background.events.indexOf(start)) ?? [];
  // Other scenarios have the events of tbot and of the cluster as well: every second one is its own.
  const taken = new Set(started.filter((event, index) => index % 2 === 1 && !isOfMain(event)));
  const ofMain = new Set(started.filter(isOfMain));
  const seen = new Set<string>();
  const cases = recordings.flatMap(({ scenario, step, events }) => {
    const own = isBackground(scenario, step);
    const fresh = events.filter((event, index) => {
      if (isInner(events, index)) return false;
      if (own && ofMain.has(event)) return true;
      return !seen.has(event) && (own || !taken.has(event));
    });
    for (const event of fresh) seen.add(event);
    return fresh.map((event) => ({ scenario, step, event }));
  });
  return cases.map((base, index) => {
    if (base.step === 'post')
      return { ...base, way: 'SIGKILL', sequel: sequels[index % sequels.length] ?? 'post' };
    if (base.scenario === 'background') return { ...base, way: 'SIGKILL' };
    const own = playable(base.scenario);
    return { ...base, way: own[index % own.length] ?? 'SIGKILL' };
  });
}

/** The start of tbot; before it, `tbot version` was started. */
const start = 'main: spawn tbot #2';

function isBackground(scenario: Scenario, step: Recording['step']): boolean {
  return scenario === 'background' && step === 'main';
}

function isOfMain(event: string): boolean {
  return event.startsWith('main: ');
}

/** Returns whether the events before and after one are of its kind. */
function isInner(events: readonly string[], index: number): boolean {
  const [before, kind, after] = [index - 1, index, index + 1].map((at) => kindOf(events[at]));
  return before === kind && kind === after;
}

/** Returns the operation of an event with its folder, or with its file if that belongs to the runner. */
function kindOf(event = ''): string {
  const name = event.replace(/ #\d+$/, '');
  return name.includes('_runner_file_commands') ? name : name.replace(/[^/]*$/, '');
}

/**
 * Runs cases and returns what they found. Starts no further case after `until` (in milliseconds), and
 * calls `onCase` after each one.
 */
export async function runMatrix(
  cases: readonly KillCase[],
  {
    until = Infinity,
    onCase = () => undefined,
  }: { readonly until?: number; readonly onCase?: (count: number, failures: number) => void } = {},
): Promise<MatrixReport> {
  const started = performance.now();
  const failures: string[] = [];
  let count = 0;
  const done = (test: KillCase, result: KillResult): void => {
    count += 1;
    failures.push(...result.failures.map((failure) => `${titleOf(test)}: ${failure}`));
    onCase(count, failures.length);
  };
  await runCases(cases, done, until);
  return { cases: count, failures, milliseconds: performance.now() - started };
}

/** Returns the name of a case in reports. */
export function titleOf({ scenario, step, event, way, sequel }: KillCase): string {
  const stopped = event === undefined ? 'not stopped' : `${way} at "${event}"`;
  return `${step} (${scenario}), ${stopped}${sequel === undefined ? '' : `, then ${sequel}`}`;
}

/** Runs cases in several processes at once. */
async function runCases(
  cases: readonly KillCase[],
  done: (test: KillCase, result: KillResult) => void,
  until = Infinity,
): Promise<void> {
  const queue = cases.values();
  const count = Math.min(availableParallelism(), cases.length);
  const lanes = Array.from({ length: count }, async () => {
    const program = 'kill-lane.ts';
    const lane = await startLane<KillCase, KillResult>({
      program,
      isResult: isKillResult,
      mounts: canMount,
    });
    try {
      for (const test of queue) {
        if (performance.now() > until) break;
        done(test, await lane.run(test));
      }
    } finally {
      await lane.end();
    }
  });
  const ended = await Promise.allSettled(lanes);
  for (const lane of ended) if (lane.status === 'rejected') throw lane.reason;
}
