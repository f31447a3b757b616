import type { Job, UsesStep } from './plan.ts';
import { delivered } from './variables.ts';

/** Returns the header of an action's log: the runner prints the inputs before the action can mask them. */
export function actionHeader(job: Job, step: UsesStep): readonly string[] {
  const inputs = Object.entries(delivered(step)).filter(([, value]) => value !== '');
  const env = [...job.environment, ...Object.entries(step.env ?? {})];
  return [
    ...unexpected(step),
    `##[group]Run ${step.name ?? step.main}`,
    ...(inputs.length > 0 ? ['with:', ...inputs.map(([key, value]) => `  ${key}: ${value}`)] : []),
    ...(env.length > 0 ? ['env:', ...env.map(([key, value]) => `  ${key}: ${value}`)] : []),
    '##[endgroup]',
  ];
}

function unexpected(step: UsesStep): readonly string[] {
  if (step.declared === undefined) return [];
  const valid = Object.keys(step.declared);
  const known = new Set(valid.map((name) => name.toLowerCase()));
  const strange = Object.keys(step.inputs ?? {}).filter((name) => !known.has(name.toLowerCase()));
  if (strange.length === 0) return [];
  return [`##[warning]Unexpected input(s) ${list(strange)}, valid inputs are [${list(valid)}]`];
}

function list(names: readonly string[]): string {
  return names.map((name) => `'${name}'`).join(', ');
}

/** Returns the header of a `run:` step's log. */
export function commandHeader(text: string): readonly string[] {
  const first = text.trimStart().split('\n')[0] ?? '';
  return [`##[group]Run ${first}`, ...text.split('\n'), '##[endgroup]'];
}
