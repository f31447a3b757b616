import { describe, expect, it } from 'vitest';
import { scriptFolder } from './script-folder.ts';

const { play } = scriptFolder();

const source = JSON.stringify(
  new URL('../../src/ci/github/github-actions.ts', import.meta.url).href,
);

/** Returns code that uses the port. */
const withPort = (code: string): string =>
  `import { githubActions } from ${source}; const ci = githubActions(); ${code}`;

/** A text that breaks file formats and commands that are built without escaping. */
const hostile = 'a\nB=c\r\n::error::d%0Ae\nghadelimiter_1\nF<<EOF\nEOF\n##[error]g, h:i;j]k\u00e9';

const text = JSON.stringify(hostile);

describe('the port to GitHub Actions', () => {
  it('delivers inputs by their names in action.yml, and the environment', async () => {
    const { step } = await play(
      withPort(`ci.output('inputs', JSON.stringify(ci.inputs));
        ci.output('temp', ci.env.RUNNER_TEMP);
        ci.output('debugging', String(ci.debugging));`),
    );
    expect(step.outputs).toMatchObject({ inputs: '{}', debugging: 'false' });
    expect(step.outputs['temp']).toMatch(/^\//);
  });

  it('passes outputs, variables and state unchanged, whatever they contain', async () => {
    const { step, exported } = await play(
      withPort(`ci.output('one', ${text}); ci.output('two', '');
        ci.exportVariable('ONE', ${text}); ci.exportVariable('TWO', '');
        ci.saveState('home', ${text});`),
    );
    expect(step.outputs).toEqual({ one: hostile, two: '' });
    expect(exported).toMatchObject({ ONE: hostile, TWO: '' });
    expect(exported).not.toHaveProperty('B');
    expect(exported).not.toHaveProperty('F');
    expect(step.state).toEqual({ home: hostile });
    expect(step.outcome).toBe('success');
  });

  it('executes no command in a line, a group or an annotation', async () => {
    const { step } = await play(
      withPort(`ci.info(${text}); ci.info('::set-output name=x::y');
        ci.group(${text}, [${text}, '  ::add-mask::visible', '##[add-mask]visible']);
        ci.warning('a title, with: signs', ${text});
        ci.notice('title', '::error::x');
        ci.debug(${text});
        ci.info('visible');`),
    );
    expect(step.outputs).toEqual({});
    expect(step.annotations.map(({ level, title }) => [level, title])).toEqual([
      ['warning', 'a title, with: signs'],
      ['notice', 'title'],
    ]);
    expect(step.log.trim().split('\n').at(-1)).toBe('visible');
    expect(step.outcome).toBe('success');
  });

  it.each([
    ["output('a', 'b')", 'GITHUB_OUTPUT'],
    ["exportVariable('A', 'b')", 'GITHUB_ENV'],
    ["addPath('/a')", 'GITHUB_PATH'],
    ["saveState('a', 'b')", 'GITHUB_STATE'],
  ])('throws the system error if the file for %s does not exist', async (call, file) => {
    const { step } = await play(`
      import { rmSync } from 'node:fs';
      import { githubActions } from ${source};
      rmSync(process.env['${file}']);
      try { githubActions().${call}; } catch ({ code, syscall, path }) {
        say([code, syscall, path === process.env['${file}']].join(' '));
      }`);
    expect(step.log).toContain('ENOENT open true');
  });

  it('fails the step with one annotation, and continues', async () => {
    const { step } = await play(
      withPort(`ci.fail('machine-id-action: ttl', 'what\\nfix'); ci.info('more');`),
    );
    expect(step.annotations).toEqual([
      { level: 'error', title: 'machine-id-action: ttl', message: 'what\nfix' },
    ]);
    expect(step).toMatchObject({ outcome: 'failure', exitCode: 1 });
    expect(step.log).toContain('more');
  });

  it('masks texts with a percent sign or several lines, and ignores an empty text', async () => {
    const { step } = await play(
      withPort(`ci.mask(''); ci.mask('hunter2%0A::x'); ci.mask('first line\\nsecond line');
        ci.info('a hunter2%0A::x b'); ci.info('second line'); ci.info('first line');
        ci.output('secret', 'hunter2%0A::x');`),
    );
    expect(step.log).toMatch(/a \*\*\* b/);
    expect(step.log).not.toMatch(/hunter2|second line|first line/);
    expect(step.annotations).toEqual([]);
    expect(step.outputs['secret']).toBe('hunter2%0A::x');
  });

  it('adds to PATH and to the summary, and ignores a missing summary', async () => {
    const { step } = await play(
      withPort(`ci.addPath('/opt/x'); await ci.summary('# One'); await ci.summary('two');
        delete process.env.GITHUB_STEP_SUMMARY; await ci.summary('three');`),
    );
    expect(step.addedPath).toEqual(['/opt/x']);
    expect(step.summary).toBe('# One\ntwo\n');
  });
});
