import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { statOfLinux } from '../../src/workdir/processes.ts';
import { Problem } from '../../src/problem.ts';
import type { TbotFailure } from '../../src/tbot/diagnosis/diagnosis.ts';
import type { Command } from '../../src/process/child.ts';
import { runTbot, type RunUsing } from '../../src/tbot/run.ts';
import { needs } from '../requirements.ts';

let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'run-'));
});
afterEach(async () => {
  await rm(folder, { recursive: true, force: true });
});

const env = { PATH: '/usr/bin:/bin' };

/** Returns a shell script as a command. */
const shell = (script: string): Command => ({
  path: '/bin/sh',
  args: ['-c', script],
  env,
  cwd: folder,
});

/** Returns a Node script as a command. */
const node = (code: string): Command => ({
  path: process.execPath,
  args: ['--eval', code],
  env,
  cwd: folder,
});

interface Ran {
  readonly failure: TbotFailure | undefined;
  readonly lines: readonly string[];
  readonly pids: readonly number[];
}

async function run(command: Command, changes: Partial<RunUsing> = {}): Promise<Ran> {
  const lines: string[] = [];
  const pids: number[] = [];
  const failure = await runTbot(command, {
    signal: new AbortController().signal,
    onStart: async (pid) => void pids.push(pid),
    onLine: (line) => void lines.push(line),
    ...changes,
  });
  return { failure, lines, pids };
}

/** Runs a command and aborts it for the given reason after its first line. */
async function abortedWhenReady(command: Command, reason: unknown): Promise<unknown> {
  const controller = new AbortController();
  const onLine = (): void => controller.abort(reason);
  return run(command, { signal: controller.signal, onLine }).catch((error: unknown) => error);
}

/** Waits until a process has exited or is a zombie. */
async function dead(pid: number): Promise<true> {
  for (;;) {
    const text = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '');
    if (/^(Z|)$/.test(statOfLinux(text)?.state ?? '')) return true;
    await pause(10);
  }
}

const timeout = new Problem({ code: 'timeout', what: 'Not done in time.', fix: 'Wait.' });

describe('a program that exits', () => {
  it('successfully is not a failure, whatever it prints', async () => {
    const { failure, lines, pids } = await run(shell('echo out; echo ERROR: err >&2; exit 0'));
    expect(failure).toBeUndefined();
    expect(lines.toSorted()).toEqual(['ERROR: err', 'out']);
    expect(pids).toHaveLength(1);
  });

  it.each([1, 2, 126, 127, 255])('with code %i is a failure with that code', async (code) => {
    const { failure } = await run(shell(`echo why >&2; exit ${code}`));
    expect(failure).toEqual({ exit: { kind: 'code', code }, log: ['why'] });
  });

  it.each(['SIGKILL', 'SIGTERM', 'SIGSEGV', 'SIGINT'])(
    'by %s is a failure with that signal',
    async (signal) => {
      const { failure } = await run(shell(`echo why >&2; kill -${signal.slice(3)} $$`));
      expect(failure).toEqual({ exit: { kind: 'signal', signal }, log: ['why'] });
    },
  );

  it('has its lines in order, including empty, coloured and unterminated ones', async () => {
    const { failure } = await run(
      shell(String.raw`printf 'first\n\n\033[31mERROR: \033[0ma\nb\r\nlast' >&2; exit 1`),
    );
    expect(failure?.log).toEqual(['first', '', '\u001b[31mERROR: \u001b[0ma', 'b', 'last']);
  });

  it('loses none of its last lines', async () => {
    const code = `
      for (let i = 0; i < 20000; i += 1) process.stderr.write('line ' + i + '\\n');
      process.exitCode = 1;`;
    const { failure, lines } = await run(node(code));
    expect(lines).toHaveLength(20_000);
    expect(lines.at(-1)).toBe('line 19999');
    expect(failure?.log).toHaveLength(2000);
    expect(failure?.log.at(0)).toBe('line 18000');
    expect(failure?.log.at(-1)).toBe('line 19999');
  });

  it('may print invalid UTF-8', async () => {
    const { failure } = await run(shell(String.raw`printf 'a\377b\n' >&2; exit 1`));
    expect(failure?.log).toEqual(['a\ufffdb']);
  });
});

describe('the program', () => {
  it('receives its environment, its directory and no input', async () => {
    const code = `
      const { PATH, ...others } = process.env;
      process.stdin.on('data', () => {}).on('end', () => {
        console.log(JSON.stringify({ others, cwd: process.cwd(), args: process.argv.slice(1) }));
      });`;
    const command = node(code);
    const { lines } = await run({ ...command, args: [...command.args, 'start', '-c', 'a b'] });
    expect(JSON.parse(lines[0] ?? '')).toEqual({
      others: {},
      cwd: folder,
      args: ['start', '-c', 'a b'],
    });
  });

  it('has its own process group', needs('linux'), async () => {
    const { lines, pids } = await run(shell('cut -d" " -f5 /proc/$$/stat'));
    expect(lines).toEqual([String(pids[0])]);
  });
});

describe('a program that cannot be started', () => {
  const problem = { name: 'Problem', code: 'tbot' };

  it('because it does not exist', async () => {
    const pids: number[] = [];
    const command = { ...shell(''), path: join(folder, 'absent') };
    const onStart = async (pid: number): Promise<void> => void pids.push(pid);
    await expect(run(command, { onStart })).rejects.toMatchObject({
      ...problem,
      message: expect.stringContaining('ENOENT'),
    });
    expect(pids).toEqual([]);
  });

  it('because it is a directory or not executable', async () => {
    await expect(run({ ...shell(''), path: folder })).rejects.toMatchObject(problem);
    const path = join(folder, 'tbot');
    await writeFile(path, '#!/bin/sh\n', { mode: 0o600 });
    await expect(run({ ...shell(''), path })).rejects.toMatchObject({
      ...problem,
      message: expect.stringContaining('EACCES'),
    });
  });

  it('because its directory does not exist', async () => {
    const cwd = join(folder, 'absent');
    await expect(run({ ...shell('true'), cwd })).rejects.toMatchObject(problem);
  });

  it('because an argument contains a null character', async () => {
    await expect(run({ ...shell('true'), args: ['a\u0000b'] })).rejects.toMatchObject(problem);
  });

  it('because an argument is too long', async () => {
    const args = ['-c', 'true', 'x'.repeat(4_000_000)];
    await expect(run({ ...shell(''), args })).rejects.toMatchObject({
      ...problem,
      message: expect.stringContaining('E2BIG'),
    });
  });

  it('because its interpreter does not exist', async () => {
    const path = join(folder, 'tbot');
    await writeFile(path, '#!/absent/interpreter\n');
    await chmod(path, 0o755);
    await expect(run({ ...shell(''), path })).rejects.toMatchObject(problem);
  });
});

describe('the signal', () => {
  it('prevents the start if it was already aborted', async () => {
    const ran = run(shell('touch started'), { signal: AbortSignal.abort(timeout) });
    await expect(ran).rejects.toBe(timeout);
    await expect(readFile(join(folder, 'started'))).rejects.toThrow(/ENOENT/);
  });

  it('stops a program that waits forever and throws the reason', async () => {
    expect(await abortedWhenReady(shell('echo $$; exec sleep 1000'), timeout)).toBe(timeout);
  });

  it('stops a program that ignores SIGTERM', async () => {
    const code = `process.on('SIGTERM', () => {}); setInterval(() => {}, 1000); console.log('x')`;
    expect(await abortedWhenReady(node(code), timeout)).toBe(timeout);
  });

  it('throws the reason even if the program then exits successfully, as tbot does on SIGINT', async () => {
    const code = `
      process.on('SIGTERM', () => process.exit(0)); setInterval(() => {}, 1000); console.log('x')`;
    expect(await abortedWhenReady(node(code), timeout)).toBe(timeout);
  });

  it('throws any reason', async () => {
    const command = shell('echo x; exec sleep 1000');
    expect(await abortedWhenReady(command, new RangeError('odd'))).toEqual(new RangeError('odd'));
    expect(await abortedWhenReady(command, 'a text')).toBe('a text');
  });

  it('stops a program whose process ID is being recorded', async () => {
    const controller = new AbortController();
    const pids: number[] = [];
    const onStart = async (pid: number): Promise<void> => {
      pids.push(pid);
      controller.abort(timeout);
    };
    const ran = run(shell('exec sleep 1000'), { signal: controller.signal, onStart });
    await expect(ran).rejects.toBe(timeout);
    expect(await dead(pids[0] ?? 0)).toBe(true);
  });

  it('stops children in the group that ignore SIGTERM', async () => {
    const pids: number[] = [];
    const script = `trap '' TERM; sleep 1000 & echo $!; trap - TERM; exec sleep 1000`;
    const controller = new AbortController();
    const onLine = (line: string): void => {
      pids.push(Number(line));
      controller.abort(timeout);
    };
    await expect(run(shell(script), { signal: controller.signal, onLine })).rejects.toBe(timeout);
    expect(await dead(pids[0] ?? 0)).toBe(true);
  });

  it('has no effect after the exit', async () => {
    const controller = new AbortController();
    const { failure } = await run(shell('exit 3'), { signal: controller.signal });
    controller.abort(timeout);
    expect(failure?.exit).toEqual({ kind: 'code', code: 3 });
  });
});

describe('a process that remains', () => {
  it('is stopped if it stayed in the group', async () => {
    const { lines, failure } = await run(shell('sleep 1000 & echo $!; exit 0'));
    expect(failure).toBeUndefined();
    expect(await dead(Number(lines[0]))).toBe(true);
  });

  it('does not delay the result by holding the pipes open', async () => {
    const { lines, failure } = await run(
      shell('setsid sleep 1000 & echo $!; echo why >&2; exit 1'),
    );
    expect(failure?.exit).toEqual({ kind: 'code', code: 1 });
    expect(failure?.log).toContain('why');
    process.kill(Number(lines.find((line) => /^\d+$/.test(line))), 'SIGKILL');
  });

  it('stops the program if its process ID cannot be recorded, and throws the error', async () => {
    const pids: number[] = [];
    const full = new Problem({ code: 'platform', what: 'The disk is full.', fix: 'Free some.' });
    const onStart = async (pid: number): Promise<void> => {
      pids.push(pid);
      throw full;
    };
    await expect(run(shell('exec sleep 1000'), { onStart })).rejects.toBe(full);
    expect(await dead(pids[0] ?? 0)).toBe(true);
  });
});
