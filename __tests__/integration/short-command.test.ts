import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { type CommandResult, runCommand } from '../../src/process/short-command.ts';
import { needs } from '../requirements.ts';

let directory: string;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'brief-'));
});
afterAll(async () => rm(directory, { recursive: true, force: true }));

const never = new AbortController().signal;

async function run(script: string, milliseconds = 20_000, signal = never): Promise<CommandResult> {
  const path = join(directory, `script-${Math.random().toString(36).slice(2)}`);
  await writeFile(path, `#!/bin/sh\n${script}\n`);
  await chmod(path, 0o755);
  return runCommand(path, ['one', 'two words'], {
    env: { A: '1' },
    deadline: milliseconds,
    signal,
  });
}

/** Whether a process is there and not just a zombie. */
async function lives(pid: string): Promise<boolean> {
  const status = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '(x) Z');
  return !/\) [ZX]/.test(status);
}

async function until(condition: () => Promise<boolean>): Promise<void> {
  while (!(await condition())) await pause(10);
}

describe('a short command', () => {
  it('receives its arguments and environment only', async () => {
    const ended = await run('echo "$1,$2,$A,$HOME"; echo trouble >&2; exit 3');
    expect(ended).toEqual({
      stdout: 'one,two words,1,\n',
      stderr: 'trouble\n',
      exit: { kind: 'code', code: 3 },
      timedOut: false,
    });
  });

  it('is reported if a signal terminates it', async () => {
    const ended = await run('kill -TERM $$; sleep 30');
    expect(ended).toMatchObject({ exit: { kind: 'signal', signal: 'SIGTERM' }, timedOut: false });
  });

  it('is killed with its children after the deadline, even if it ignores signals', async () => {
    const ended = await run('trap "" TERM INT; sleep 300 & echo $!; wait', 300);
    expect(ended).toMatchObject({ timedOut: true, exit: { kind: 'signal', signal: 'SIGKILL' } });
    await until(async () => !(await lives(ended.stdout.trim())));
  });

  it('leaves no process behind when it exits', async () => {
    const ended = await run('sleep 300 & echo $!');
    expect(ended.exit).toEqual({ kind: 'code', code: 0 });
    await until(async () => !(await lives(ended.stdout.trim())));
  });

  it('ends even if a child in another session keeps its output open', needs('linux'), async () => {
    const ended = await run("setsid sh -c 'echo $$; exec sleep 300' & sleep 0.3");
    expect(ended.exit).toEqual({ kind: 'code', code: 0 });
    process.kill(Number(ended.stdout.trim()), 'SIGKILL');
  });

  it('has its output truncated', async () => {
    const ended = await run('yes', 300);
    expect(ended.timedOut).toBe(true);
    expect(ended.stdout).toHaveLength(64 * 1024);
  });

  it('ends with the signal and throws its reason', async () => {
    const cancel = new AbortController();
    const reason = new Error('cancelled');
    setTimeout(() => cancel.abort(reason), 100);
    await expect(run('sleep 300', 20_000, cancel.signal)).rejects.toBe(reason);
    await expect(run('true', 20_000, cancel.signal)).rejects.toBe(reason);
  });

  it('that does not exist throws the error of the system', async () => {
    const options = { env: {}, deadline: 1000, signal: never };
    await expect(runCommand(join(directory, 'none'), [], options)).rejects.toMatchObject({
      code: 'ENOENT',
    });
  });
});
