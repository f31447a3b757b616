import { spawnSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { parse, stringify } from 'yaml';
import { needs, programPath } from '../requirements.ts';
import { fencesOf } from '../structure/fences.ts';

const fences = fencesOf('docs/moving-over.md');

describe('the examples of docs/moving-over.md', needs('actionlint'), () => {
  it('pass actionlint, each as a job', () => {
    const jobs = Object.fromEntries(
      fences.map((fence, index) => {
        const job: object = parse(fence);
        return [`fence-${index + 1}`, { 'runs-on': 'ubuntu-latest', ...job }];
      }),
    );
    const permissions = { 'id-token': 'write', contents: 'read' };
    const workflow = stringify({ on: 'push', permissions, jobs });
    const { stdout, status } = spawnSync(programPath('actionlint'), ['-'], {
      input: workflow,
      encoding: 'utf8',
    });
    expect([stdout, status]).toEqual(['', 0]);
  });
});
