import { describe, expect, it } from 'vitest';
import { scriptFolder } from './script-folder.ts';

const { play } = scriptFolder();

const source = JSON.stringify(new URL('../../src/ci/port.ts', import.meta.url).href);

/** Code that speaks to the runner through the port. */
const speaking = (code: string): string =>
  `import { githubRunner } from ${source}; const runner = githubRunner(); ${code}`;

/** What breaks file formats and commands that are put together carelessly. */
const hostile = 'a\nB=c\r\n::error::d%0Ae\nghadelimiter_1\nF<<EOF\nEOF\n##[error]g, h:i;j]k\u00e9';

const text = JSON.stringify(hostile);

describe('the port to the runner', () => {
  it('delivers inputs by their names in action.yml, and the environment', async () => {
    const { step } = await play(
      speaking(`runner.output('inputs', JSON.stringify(runner.inputs));
        runner.output('temp', runner.env.RUNNER_TEMP);
        runner.output('debugging', String(runner.debugging));`),
    );
    expect(step.outputs).toMatchObject({ inputs: '{}', debugging: 'false' });
    expect(step.outputs['temp']).toMatch(/^\//);
  });

  it('gives outputs, variables and state whole, whatever is in them', async () => {
    const { step, exported } = await play(
      speaking(`runner.output('one', ${text}); runner.output('two', '');
        runner.exportVariable('ONE', ${text}); runner.exportVariable('TWO', '');
        runner.saveState('home', ${text});`),
    );
    expect(step.outputs).toEqual({ one: hostile, two: '' });
    expect(exported).toMatchObject({ ONE: hostile, TWO: '' });
    expect(exported).not.toHaveProperty('B');
    expect(exported).not.toHaveProperty('F');
    expect(step.state).toEqual({ workdir: hostile });
    expect(step.outcome).toBe('success');
  });

  it('obeys nothing that is said in a line, a group or an annotation', async () => {
    const { step } = await play(
      speaking(`runner.info(${text}); runner.info('::set-output name=x::y');
        runner.group(${text}, [${text}, '  ::add-mask::visible', '##[add-mask]visible']);
        runner.warning('a title, with: signs', ${text});
        runner.notice('title', '::error::x');
        runner.debug(${text});
        runner.info('visible');`),
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
  ])('throws the error of the system when the file for %s is gone', async (call, file) => {
    const { step } = await play(`
      import { rmSync } from 'node:fs';
      import { githubRunner } from ${source};
      rmSync(process.env['${file}']);
      try { githubRunner().${call}; } catch ({ code, syscall }) { say(code + ' ' + syscall); }`);
    expect(step.log).toContain('ENOENT open');
  });

  it('fails by one annotation, and goes on', async () => {
    const { step } = await play(
      speaking(`runner.fail('machine-id-action: ttl', 'what\\nfix'); runner.info('more');`),
    );
    expect(step.annotations).toEqual([
      { level: 'error', title: 'machine-id-action: ttl', message: 'what\nfix' },
    ]);
    expect(step).toMatchObject({ outcome: 'failure', exitCode: 1 });
    expect(step.log).toContain('more');
  });

  it('masks, also what has a percent sign or several lines, and minds no empty text', async () => {
    const { step } = await play(
      speaking(`runner.mask(''); runner.mask('hunter2%0A::x'); runner.mask('first line\\nsecond line');
        runner.info('a hunter2%0A::x b'); runner.info('second line'); runner.info('first line');
        runner.output('secret', 'hunter2%0A::x');`),
    );
    expect(step.log).toMatch(/a \*\*\* b/);
    expect(step.log).not.toMatch(/hunter2|second line|first line/);
    expect(step.annotations).toEqual([]);
    expect(step.outputs['secret']).toBe('hunter2%0A::x');
  });

  it('adds to PATH and to the summary, and does without a summary', async () => {
    const { step } = await play(
      speaking(`runner.addPath('/opt/x'); await runner.summary('# One'); await runner.summary('two');
        delete process.env.GITHUB_STEP_SUMMARY; await runner.summary('three');`),
    );
    expect(step.addedPath).toEqual(['/opt/x']);
    expect(step.summary).toBe('# One\ntwo\n');
  });
});
