import { stat } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { createRunner } from '../../testbed/runner/runner.ts';
import { scriptFolder } from './script-folder.ts';

const { script, play } = scriptFolder();

describe('file commands', () => {
  it('set outputs, environment, path, state and summary', async () => {
    await using runner = await createRunner();
    const main = await script(`
      append('OUTPUT', 'plain=a=b\\nlong<<EOF\\none\\n\\ntwo\\nEOF\\n');
      append('ENV', 'GREETING=hello world\\n');
      append('PATH', '/first\\n/second\\n/first\\n');
      append('STATE', 'home=/somewhere\\n');
      append('STEP_SUMMARY', '# All well\\n');
    `);
    const post = await script(`say('post has ' + process.env.STATE_home + process.env.INPUT_A)`);
    const step = await runner.uses({ main, post, inputs: { a: '1' } });
    expect(step).toMatchObject({
      outcome: 'success',
      outputs: { plain: 'a=b', long: 'one\n\ntwo' },
      stateKeys: ['home'],
      exportedEnv: { GREETING: 'hello world' },
      addedPath: ['/second', '/first'],
      summary: '# All well\n',
    });
    const later = await runner.run('echo "$GREETING from $PATH"');
    expect(later.raw).toMatch(/^hello world from \/first:\/second:/);
    const end = await runner.finish();
    expect(end.posts.map(({ raw }) => raw)).toEqual(['post has /somewhere1']);
  });

  it.each([
    ['no sign', 'ENV', 'nonsense\\n', "Invalid format 'nonsense'"],
    ['no name', 'OUTPUT', '=value\\n', 'Name must not be empty'],
    ['no delimiter', 'STATE', 'name<<\\n', 'delimiter must not be empty'],
    ['no end', 'ENV', 'name<<EOF\\nvalue\\n', "Matching delimiter not found 'EOF'"],
    ['no line break at the end', 'ENV', 'name<<EOF\\nvalue', 'EOF marker missing new line'],
  ])('fail the step when malformed: %s', async (_case, name, text, message) => {
    const { step, exported } = await play(`append('${name}', 'GOOD=1\\n${text}')`);
    expect(step).toMatchObject({ exitCode: 0, outcome: 'failure' });
    expect(step.annotations).toHaveLength(2);
    expect(step.annotations[0]?.message).toMatch(/^Unable to process file command '\w+'/);
    expect(step.annotations[1]?.message).toContain(message);
    expect({ ...step.outputs, ...step.state, ...exported }).toEqual({ GOOD: '1' });
  });

  it('reject NODE_OPTIONS without failing the step', async () => {
    const { step, exported } = await play(`append('ENV', 'NODE_OPTIONS=--x\\nOTHER=1\\n')`);
    expect(exported).toEqual({ OTHER: '1' });
    expect(step.outcome).toBe('success');
    expect(step.annotations).toEqual([
      { level: 'error', message: expect.stringContaining('NODE_OPTIONS') },
    ]);
  });

  it('ignore a summary of more than 1 MiB', async () => {
    const { step } = await play(`append('STEP_SUMMARY', 'x'.repeat(1024 * 1024 + 1))`);
    expect(step.summary).toBe('');
    expect(step.annotations[0]?.message).toContain('upload aborted');
    const { step: full } = await play(`append('STEP_SUMMARY', 'x'.repeat(1024 * 1024))`);
    expect(full.summary).toHaveLength(1024 * 1024);
  });

  it('are new files for each step', async () => {
    await using runner = await createRunner();
    const main = await script(`append('OUTPUT', 'file=' + process.env.GITHUB_OUTPUT + '\\n')`);
    const [first, second] = [await runner.uses({ main }), await runner.uses({ main })];
    expect(first.outputs['file']).not.toBe(second.outputs['file']);
    await expect(stat(first.outputs['file'] ?? '')).rejects.toThrow('ENOENT');
  });
});
