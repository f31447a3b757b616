import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { files, text } from './tree.ts';

const workflows = files(/^\.github\/workflows\/.*\.yml$/);

interface Step {
  readonly uses?: string;
  readonly run?: string;
  readonly with?: Readonly<Record<string, unknown>>;
}

interface Job {
  readonly 'timeout-minutes'?: number | string;
  readonly permissions?: object;
  readonly steps?: readonly Step[];
}

interface Workflow {
  readonly permissions?: object;
  readonly jobs: Readonly<Record<string, Job>>;
}

function workflowIn(path: string): Workflow {
  return parse(text(path));
}

describe.each(workflows)('%s', (path) => {
  const { permissions, jobs } = workflowIn(path);
  const steps = Object.values(jobs).flatMap((job) => job.steps ?? []);

  it('gives no job write access by default', () => {
    expect(Object.values(permissions ?? { all: 'write' })).not.toContain('write');
  });

  it('states the permissions of each job', () => {
    for (const job of Object.values(jobs))
      expect(Object.keys(job.permissions ?? permissions ?? {})).not.toEqual([]);
  });

  it('limits the duration of each job', () => {
    for (const job of Object.values(jobs))
      if (job.steps) expect(job['timeout-minutes']).toBeDefined();
  });

  it('keeps no token in a checkout', () => {
    for (const step of steps)
      if (step.uses?.startsWith('actions/checkout@'))
        expect(step.with).toMatchObject({ 'persist-credentials': false });
  });

  it('passes values to scripts only through the environment', () => {
    for (const step of steps) expect(step.run ?? '').not.toContain('${{');
  });

  it('is not started by events with which outsiders run code', () => {
    expect(text(path)).not.toMatch(/^ {2}(pull_request_target|workflow_run|issue_comment):/m);
  });
});
