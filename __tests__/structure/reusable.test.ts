import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { mappingsIn } from './fences.ts';
import { files, text } from './tree.ts';

interface Input {
  readonly description?: string;
  readonly type?: string;
  readonly required?: boolean;
}

interface Workflow {
  readonly on: {
    readonly workflow_call?: {
      readonly inputs: Readonly<Record<string, Input>>;
      readonly outputs: Readonly<Record<string, { readonly description?: string }>>;
      readonly secrets?: unknown;
    };
  };
  readonly permissions?: object;
  readonly jobs: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}

const workflows = files(/^\.github\/workflows\/.*\.yml$/).flatMap((path) => {
  const workflow: Workflow = parse(text(path));
  const call = workflow.on.workflow_call;
  return call === undefined ? [] : [{ path, workflow, call }];
});

it('the reusable workflows exist', () => {
  expect(workflows.map(({ path }) => path)).toHaveLength(4);
});

describe.each(workflows)('$path', ({ path, workflow, call }) => {
  it('describes each input and output, and takes no secrets', () => {
    for (const [name, { description = '', type, required = false }] of Object.entries(
      call.inputs,
    )) {
      expect([name, type]).toEqual([name, expect.stringMatching(/^(string|boolean|number)$/)]);
      expect([name, description]).toEqual([
        name,
        expect.stringMatching(required ? / Required\.$/ : / Default: .+\.$/),
      ]);
    }
    for (const { description = '' } of Object.values(call.outputs))
      expect(description).toMatch(/\.$/);
    expect(call.secrets).toBeUndefined();
    expect(text(path)).not.toContain('secrets.');
  });

  it('has no default for a string, because a wrapper passes an empty string', () => {
    for (const input of Object.values(call.inputs)) expect(input).not.toHaveProperty('default');
  });

  it('has the least permissions, a time limit and a concurrency group', () => {
    expect(workflow.permissions).toEqual({});
    for (const job of Object.values(workflow.jobs)) {
      expect(job['permissions']).toMatchObject({ 'id-token': 'write' });
      expect(
        Object.values(Object(job['permissions'])).filter((one) => one === 'write'),
      ).toHaveLength(1);
      expect(job['timeout-minutes']).toMatch(/^\$\{\{ inputs\.timeout-minutes \|\| \d+ \}\}$/);
      expect(job['concurrency']).not.toHaveProperty('cancel-in-progress');
      // A caller has the same `github.workflow`, so its group could be the same.
      expect(job['concurrency']).toMatchObject({ group: expect.stringMatching(/^[a-z-]+-\$\{\{/) });
    }
  });

  it('passes values to scripts only as variables', () => {
    const scripts = mappingsIn(workflow).flatMap((step) => step.get('run') ?? []);
    const written = scripts.filter((script) => typeof script === 'string');
    expect(written.length).toBeGreaterThan(1);
    for (const script of written) expect(script).not.toContain('${{');
  });

  it('passes on inputs of the action that exist, and cleans up last', () => {
    const { inputs }: { inputs: object } = parse(text('action.yml'));
    const steps = mappingsIn(workflow).filter((step) => step.has('uses'));
    const uses = steps.map((step) => String(step.get('uses')));
    const action = steps.find(
      (_, index) =>
        /^[^/]+\/[^/]+@/.test(uses[index] ?? '') && !uses[index]?.startsWith('actions/'),
    );
    for (const name of Object.keys(Object(action?.get('with'))))
      expect(Object.keys(inputs)).toContain(name);
    expect(uses.at(-1)).toContain('/scrub@');
    expect(steps.at(-1)?.get('if')).toBe('always()');
    for (const [index, use] of uses.entries())
      if (use.startsWith('actions/checkout@'))
        expect(steps[index]?.get('with')).toEqual({ 'persist-credentials': false });
  });
});
