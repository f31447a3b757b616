import { describe, expect, it } from 'vitest';
import { createRunner } from '../../testbed/runner/runner.ts';
import { scriptFolder } from './script-folder.ts';

const { play } = scriptFolder();

describe('workflow commands', () => {
  it('become groups and annotations, with unescaped data and properties', async () => {
    const { step } = await play(`
      say('::group::Details', 'inside', '::endgroup::');
      say('::error title=a%3Ab%2Cc,file=x.yml::one%0Atwo%250A', '::notice::seen');
      console.error('##[warning]old style');
      say('::unknown::text', 'text ::error::in the middle');
    `);
    const byLevel = step.annotations.toSorted((a, b) => a.level.localeCompare(b.level));
    expect(byLevel).toEqual([
      { level: 'error', title: 'a:b,c', file: 'x.yml', message: 'one\ntwo%0A' },
      { level: 'notice', message: 'seen' },
      { level: 'warning', message: 'old style' },
    ]);
    expect(step.log).toContain('##[group]Details\ninside\n##[endgroup]');
    expect(step.log).toContain('##[error]one\ntwo%0A');
    expect(step.log).toContain('\n::unknown::text\ntext ::error::in the middle');
  });

  it('are parsed anywhere in a line in the old style, and after a carriage return', async () => {
    const { step } = await play(`
      say('tbot says ##[error]from within', 'innocent\\r::error::after the return');
    `);
    expect(step.annotations.map(({ message }) => message)).toEqual([
      'from within',
      'after the return',
    ]);
  });

  it('are ignored between stop-commands and its token', async () => {
    const { step } = await play(`
      say('::stop-commands::t0ken', '::error::not now', '::add-mask::visible', '::t0ken::');
      say('visible', '::error::now');
    `);
    expect(step.annotations).toEqual([{ level: 'error', message: 'now' }]);
    expect(step.log).toContain('::error::not now\n');
    expect(step.log).toContain('\nvisible\n');
  });

  it('fail the step if the runner rejects them', async () => {
    for (const line of ['::set-env name=A::1', '::add-path::/x', '::stop-commands::error']) {
      const { step } = await play(`say(${JSON.stringify(line)})`);
      expect(step).toMatchObject({ exitCode: 0, outcome: 'failure' });
    }
  });

  it('set outputs and state in the old style', async () => {
    const { step } = await play(`say('::set-output name=a::1%0A2', '::save-state name=b::3')`);
    expect(step).toMatchObject({ outputs: { a: '1\n2' }, state: { b: '3' } });
  });

  it('print debug lines only with step debug logging', async () => {
    const body = `say('::debug::in detail', 'RUNNER_DEBUG ' + process.env.RUNNER_DEBUG)`;
    expect((await play(body)).step.log).not.toContain('in detail');
    const { step } = await play(body, { debug: true });
    expect(step.log).toContain('##[debug]in detail\nRUNNER_DEBUG 1');
  });

  it('create at most ten annotations per level, but print all', async () => {
    const { step } = await play(`for (let i = 1; i < 13; i += 1) say('::error::e' + i)`);
    expect(step.annotations).toHaveLength(10);
    expect(step.log).toContain('##[error]e12');
  });
});

describe('masking', () => {
  it('hides a value, its lines and its common encodings', async () => {
    const { step } = await play(`
      const secret = 'pa"ss wörd';
      say('before ' + secret, '::add-mask::' + secret + '%0Asecond line', secret + '!', 'second line');
      say(Buffer.from(secret).toString('base64'), encodeURIComponent(secret), JSON.stringify(secret));
      append('STEP_SUMMARY', 'it is ' + secret);
    `);
    expect(step.log.split('\n').slice(-6)).toEqual([
      'before pa"ss wörd',
      '***!',
      '***',
      '***',
      '***',
      '"***"',
    ]);
    expect(step.summary).toBe('it is ***');
    expect(step.raw).toContain('pa"ss wörd!');
  });

  it('warns about an empty value', async () => {
    const { step } = await play(`say('::add-mask::', '::add-mask::  ')`);
    expect(step.annotations.map(({ level }) => level)).toEqual(['warning', 'warning']);
  });

  it('merges overlapping values and applies to the whole job', async () => {
    await using runner = await createRunner({ secrets: ['abcdef', 'defghi'] });
    const step = await runner.run('echo abcdefghi-abc; echo "::add-mask::later"');
    expect(step.log).toContain('\n***-abc');
    expect((await runner.run('echo later')).log).toMatch(/\n\*\*\*$/);
  });

  it('hides the tokens of the job', async () => {
    const { step } = await play(
      `say('token ' + process.env.ACTIONS_ID_TOKEN_REQUEST_TOKEN, 'rt ' + process.env.ACTIONS_RUNTIME_TOKEN)`,
      { environment: { ACTIONS_ID_TOKEN_REQUEST_TOKEN: 'request-token-of-the-job' } },
    );
    expect(step.log).toMatch(/token \*\*\*\nrt \*\*\*$/);
  });
});
