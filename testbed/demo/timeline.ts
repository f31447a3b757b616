import type { StepResult } from '../runner/runner.ts';
import type { DemoRun } from './run.ts';

/** A bar of the timeline. */
export interface Phase {
  readonly name: string;
  readonly seconds: number;
  /** In Markdown. */
  readonly details: string;
  readonly kind: 'action' | 'failed' | 'later' | 'post';
}

/**
 * Returns where the time of a job went: the phases in its job summary, then the later step and the
 * post step, as the stand-in runner measured them. Empty if the summary has no phases.
 */
export function timelineOf({ scenario, step, later, posts }: DemoRun): readonly Phase[] {
  const phases = phasesIn(step.summary);
  if (phases.length === 0) return [];
  return [
    ...phases,
    ...(later ? [measured('Later step', 'later', later, scenario.later?.title)] : []),
    ...posts.map((post) => measured('Post', 'post', post)),
  ];
}

function measured(
  name: string,
  kind: Phase['kind'],
  { durationMs }: StepResult,
  details = '',
): Phase {
  return { name, kind, seconds: durationMs / 1000, details };
}

/** A row such as `| Resolve | 0.12 s | details |`. */
const row = /^\| ([^|]+) \| ([\d.]+) s \| ([^|]*?) ?\|$/gm;

function phasesIn(summary: string): readonly Phase[] {
  const [, section = ''] = summary.split('<summary>Duration: ');
  return [...section.matchAll(row)].map(([, name = '', seconds, details = '']) => ({
    name,
    seconds: Number(seconds),
    details,
    kind: details.startsWith('failed') ? 'failed' : 'action',
  }));
}
