import { describe, expect, it } from 'vitest';
import { Problem } from '../../src/problem.ts';
import { report } from '../../src/report.ts';
import { recordingCi } from '../recording.ts';

const problem = new Problem({
  code: 'claims-denied',
  what: 'The token denies this job.',
  fix: 'Allow it.',
  notes: ['A note.'],
  facts: { title: 'Claims:', lines: ['repository: acme/web', 'ref: refs/heads/main'] },
  paste: 'allow:\n  - repository: acme/web',
  log: ['first', 'last'],
  cause: new Error('the cause'),
});

const env = {
  GITHUB_SERVER_URL: 'https://github.example.com',
  GITHUB_ACTION_REPOSITORY: 'acme/machine-id-action',
  GITHUB_ACTION_REF: 'v1',
};
const program = '/runner/_work/_actions/acme/machine-id-action/v1/dist/main.js';

function withoutStack(error: Error): Error {
  delete error.stack;
  return error;
}

describe('report', () => {
  it('reports a Problem: annotation, notes, paste, facts, log, summary', async () => {
    const { ci, said } = recordingCi({ env, program });
    await report(problem, ci, true);
    const link =
      'https://github.example.com/acme/machine-id-action/blob/v1/docs/problems.md#claims-denied';
    expect(said.slice(0, 7)).toEqual([
      [
        'fail',
        'machine-id-action: claims-denied',
        `The token denies this job.\nAllow it.\nSee ${link}`,
      ],
      ['info', 'A note.'],
      ['info', '\nallow:\n  - repository: acme/web\n'],
      ['info', 'Claims:'],
      ['info', '  repository: acme/web'],
      ['info', '  ref: refs/heads/main'],
      ['group', "End of tbot's log", 'first', 'last'],
    ]);
    expect(said.slice(7).map(([what]) => what)).toEqual(['debug', 'summary']);
    expect(said[7]?.[1]).toContain('the cause');
    expect(said[8]?.[1]).toContain(link);
  });

  it('annotates the first errors of many and lists all of them in the log', async () => {
    const { ci, said } = recordingCi();
    const errors = ['1', '2', '3', '4', '5', '6', '7'];
    await report(new Problem({ code: 'inputs', what: '7 errors:', errors, fix: 'b' }), ci, false);
    expect(said[0]?.[2]).toBe(
      '7 errors:\n- 1\n- 2\n- 3\n- 4\n- 5\n- and 2 more in the log\nb\nSee docs/problems.md#inputs',
    );
    expect(said.slice(1)).toEqual(errors.map((error) => ['info', `- ${error}`]));
  });

  it('omits empty parts, and names the page without a link if the release is unknown', async () => {
    const { ci, said } = recordingCi();
    await report(new Problem({ code: 'ttl', what: 'a', fix: 'b' }), ci, true);
    expect(said).toEqual([
      ['fail', 'machine-id-action: ttl', 'a\nb\nSee docs/problems.md#ttl'],
      [
        'summary',
        '### Teleport credentials failed: `ttl`\n\na\n\nb\n\nSee `docs/problems.md#ttl`.\n',
      ],
    ]);
  });

  it('links no issues if the repository is unknown', async () => {
    const { ci, said } = recordingCi();
    await report(new Error('x'), ci, false);
    expect(said[0]?.[2]).toMatch(/\nReport it with the stack trace from the log\.$/);
  });

  it('fails the step even if the summary cannot be written', async () => {
    const { ci, said } = recordingCi({ env, program });
    const failing = { ...ci, summary: async () => Promise.reject(new Error('ENOSPC')) };
    await expect(report(problem, failing, true)).resolves.toBeUndefined();
    expect(said[0]?.[0]).toBe('fail');
  });

  it.each([
    [new TypeError('x is not a function'), 'x is not a function'],
    ['a text', 'a text'],
    [undefined, 'undefined'],
    [withoutStack(new RangeError('too far')), 'too far'],
  ])('reports any other thrown value as a bug: %s', async (thrown, message) => {
    const { ci, said } = recordingCi({ env, program });
    await report(thrown, ci, true);
    const [, title, text] = said[0] ?? [];
    expect(title).toBe('machine-id-action: bug');
    expect(text).toContain(message);
    expect(text).toContain('Report it at https://github.example.com/acme/machine-id-action/issues');
    expect(said.slice(1).map(([what, about]) => `${what}: ${about}`)).toEqual([
      'group: Stack trace',
    ]);
  });
});
