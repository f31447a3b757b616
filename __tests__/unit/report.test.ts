import { describe, expect, it } from 'vitest';
import { Problem } from '../../src/problem.ts';
import { report } from '../../src/report.ts';
import { recordingCi } from '../recording.ts';

const problem = new Problem({
  code: 'claims-denied',
  what: 'The token denies this job.',
  fix: 'Allow it.',
  details: ['repository: acme/web', 'ref: refs/heads/main'],
  paste: 'allow:\n  - repository: acme/web',
  log: ['first', 'last'],
  cause: new Error('the cause'),
});

const env = {
  GITHUB_SERVER_URL: 'https://github.example.com',
  GITHUB_ACTION_REPOSITORY: 'acme/machine-id-action',
  GITHUB_ACTION_REF: 'v1',
};
const program = '/home/runner/_work/_actions/acme/machine-id-action/v1/dist/main.js';

function withoutStack(error: Error): Error {
  delete error.stack;
  return error;
}

describe('report', () => {
  it('says a Problem: one annotation, the details, what to paste, the log, the summary', async () => {
    const { ci, said } = recordingCi({ env, program });
    await report(problem, ci, true);
    const link =
      'https://github.example.com/acme/machine-id-action/blob/v1/docs/problems.md#claims-denied';
    expect(said.slice(0, 5)).toEqual([
      [
        'fail',
        'machine-id-action: claims-denied',
        `The token denies this job.\nAllow it.\nSee ${link}`,
      ],
      ['info', 'repository: acme/web'],
      ['info', 'ref: refs/heads/main'],
      ['info', '\nallow:\n  - repository: acme/web\n'],
      ['group', 'The end of the log', 'first', 'last'],
    ]);
    expect(said.slice(5).map(([what]) => what)).toEqual(['debug', 'summary']);
    expect(said[5]?.[1]).toContain('the cause');
    expect(said[6]?.[1]).toContain(link);
  });

  it('says no more than there is, and names the page if the release is not known', async () => {
    const { ci, said } = recordingCi();
    await report(new Problem({ code: 'ttl', what: 'a', fix: 'b' }), ci, true);
    expect(said).toEqual([
      ['fail', 'machine-id-action: ttl', 'a\nb\nSee docs/problems.md#ttl'],
      ['summary', '### Teleport credentials: `ttl`\n\nSee `docs/problems.md#ttl`.\n\na\n\nb\n'],
    ]);
  });

  it('names no address for bugs if the repository is not known', async () => {
    const { ci, said } = recordingCi();
    await report(new Error('x'), ci, false);
    expect(said[0]?.[2]).toMatch(/with the lines below\.$/);
  });

  it('fails the step also where no summary can be written', async () => {
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
  ])('calls anything else a bug of ours: %s', async (thrown, message) => {
    const { ci, said } = recordingCi({ env, program });
    await report(thrown, ci, true);
    const [, title, text] = said[0] ?? [];
    expect(title).toBe('machine-id-action: a bug');
    expect(text).toContain(message);
    expect(text).toContain('https://github.example.com/acme/machine-id-action/issues');
    expect(said.slice(1).map(([what, about]) => `${what}: ${about}`)).toEqual([
      'group: Where it happened',
    ]);
  });
});
