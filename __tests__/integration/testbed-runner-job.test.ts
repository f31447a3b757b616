import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createRunner } from '../../testbed/runner/runner.ts';
import { scriptFolder } from './script-folder.ts';
import { needs } from '../requirements.ts';

const { script, play } = scriptFolder();

describe('the end of a step', () => {
  it('reports exit codes and signals', async () => {
    expect((await play(`process.exitCode = 3`)).step).toMatchObject({
      outcome: 'failure',
      exitCode: 3,
      annotations: [],
    });
    const { step } = await play(`process.kill(process.pid, 'SIGKILL')`);
    expect(step).toMatchObject({ outcome: 'failure', exitCode: null, signal: 'SIGKILL' });
  });

  it('reports the exit code of a run step, which stops at the first failure', async () => {
    await using runner = await createRunner();
    const step = await runner.run('echo one\nfalse\necho two');
    expect(step.raw).toBe('one');
    expect(step.annotations).toEqual([
      { level: 'error', message: 'Process completed with exit code 1.' },
    ]);
    expect((await runner.run(['node', '-p', 'process.version'])).raw).toMatch(/^v24\./);
  });

  it('stops waiting for a pipe that a grandchild keeps open', needs('linux'), async () => {
    await using runner = await createRunner({ patience: { pipes: 200 } });
    const step = await runner.run('sleep 600 & echo started');
    expect(step).toMatchObject({ outcome: 'success', raw: 'started' });
    const { orphans } = await runner.finish();
    expect(orphans.map(({ command }) => command)).toEqual(['sleep 600']);
  });
});

describe('cancelling', () => {
  const stubborn = `
    for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => say('got ' + signal));
    setInterval(() => {}, 1000);
    say('ready');
  `;

  it('sends SIGINT, SIGTERM and SIGKILL in turn to the process', async () => {
    await using runner = await createRunner({ patience: { interrupt: 200, terminate: 200 } });
    const step = await runner.uses({ main: await script(stubborn), cancelAfter: /ready/ });
    expect(step).toMatchObject({
      outcome: 'cancelled',
      signal: 'SIGKILL',
      raw: 'ready\ngot SIGINT\ngot SIGTERM',
    });
    expect(step.annotations).toEqual([{ level: 'error', message: 'The operation was canceled.' }]);
  });

  it('ends with a step that exits after SIGINT, whose file commands and post step are processed', async () => {
    await using runner = await createRunner();
    const main = await script(`
      append('STATE', 'a=b\\n');
      setInterval(() => {}, 1000);
      process.on('SIGINT', () => process.exit(130));
      say('ready');
    `);
    const post = await script(`say('post ' + process.env.STATE_a)`);
    const step = await runner.uses({
      main,
      post,
      onLine: (line, running) => void (line === 'ready' && running.cancel()),
    });
    expect(step).toMatchObject({ outcome: 'cancelled', exitCode: 130, stateKeys: ['a'] });
    const { posts } = await runner.finish();
    expect(posts.map(({ raw }) => raw)).toEqual(['post b']);
  });

  it('can be requested by a test', async () => {
    await using runner = await createRunner();
    const step = await runner.run('echo up; exec sleep 600', {
      onLine: () => void runner.cancel(),
    });
    expect(step).toMatchObject({ outcome: 'cancelled', signal: 'SIGINT' });
  });
});

describe('the end of the job', () => {
  it('runs post steps in reverse order with the exported variables', async () => {
    await using runner = await createRunner();
    const main = await script('');
    const post = await script(`say(process.env.STEP + ' ' + process.env.LATE)`);
    await runner.uses({ main, post, env: { STEP: 'first' } });
    await runner.uses({ main, post, env: { STEP: 'second' } });
    await runner.run('echo LATE=x >> "$GITHUB_ENV"');
    const { posts } = await runner.finish();
    expect(posts.map(({ raw }) => raw)).toEqual(['second x', 'first x']);
  });

  it('runs a post step without its main step', async () => {
    await using runner = await createRunner();
    runner.registerPost({ post: await script(`say('alone ' + process.env.STATE_x)`) }, { x: '1' });
    expect((await runner.finish()).posts[0]?.raw).toBe('alone 1');
  });

  it('lists the files in RUNNER_TEMP and removes them', async () => {
    await using runner = await createRunner();
    await runner.run('mkdir "$RUNNER_TEMP/deep" && echo x > "$RUNNER_TEMP/deep/file"');
    let seen = '';
    const end = await runner.finish({
      inspect: async () => {
        seen = await readFile(join(runner.temp, 'deep', 'file'), 'utf8');
      },
    });
    expect(end.leftInTemp).toEqual(['deep', 'deep/file']);
    expect(seen).toBe('x\n');
    await expect(stat(join(runner.temp, 'deep'))).rejects.toThrow('ENOENT');
  });

  it('does not end a process without the tracking ID', needs('linux'), async () => {
    await using runner = await createRunner({ patience: { pipes: 100 } });
    // A new process has the environment of its shell until it executes `sleep`.
    const step = await runner.run(`
      RUNNER_TRACKING_ID= sleep 600 >/dev/null 2>&1 & spared=$!
      sleep 601 >/dev/null 2>&1 &
      for pid in $spared $!; do until grep -qx sleep "/proc/$pid/comm"; do :; done; done
      echo $spared
    `);
    const spared = Number(step.raw);
    const { orphans } = await runner.finish();
    expect(orphans.map(({ command }) => command)).toEqual(['sleep 601']);
    expect(process.kill(spared, 'SIGKILL')).toBe(true);
  });

  it('removes its folder', async () => {
    let root = '';
    {
      await using runner = await createRunner();
      root = runner.root;
      expect((await stat(root)).isDirectory()).toBe(true);
    }
    await expect(stat(root)).rejects.toThrow('ENOENT');
  });
});
