import { readFile } from 'node:fs/promises';
import { setTimeout as pause } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import {
  outputOfPs,
  endProcesses,
  markProcess,
  statOfLinux,
  statOfPs,
} from '../../src/workdir/processes.ts';
import { signalGroup } from '../../src/process/signal.ts';
import { idle, runnerFolders, stubborn } from './workdir.fixture.ts';
import { needs } from '../requirements.ts';

const runner = runnerFolders();

/** Milliseconds before SIGKILL, longer than a process needs to exit after SIGTERM. */
const ample = 30_000;

const isAlive = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
};

describe('endProcesses', needs('posix'), () => {
  it('ends running processes with SIGTERM and returns their ids', async () => {
    const { pid, exited } = await runner.start(idle);
    expect(await endProcesses([await markProcess(pid)], ample)).toEqual([pid]);
    expect(await exited).toEqual([null, 'SIGTERM']);
  });

  it('kills processes that ignore SIGTERM', async () => {
    const { pid, exited } = await runner.start(stubborn);
    expect(await endProcesses([await markProcess(pid)], 100)).toEqual([pid]);
    expect(await exited).toEqual([null, 'SIGKILL']);
  });

  it('does not end this process, or one that has exited', async () => {
    const { child, pid, exited } = await runner.start(idle);
    const mark = await markProcess(pid);
    child.kill('SIGKILL');
    await exited;
    expect(await endProcesses([await markProcess(process.pid), mark], ample)).toEqual([]);
  });

  it('does not end another process with the same id', async () => {
    const { pid } = await runner.start(idle);
    const mark = await markProcess(pid);
    expect(mark.started).toBeDefined();
    const other = { ...mark, started: `${mark.started}0` };
    expect(await endProcesses([other], ample)).toEqual([]);
    expect(isAlive(pid)).toBe(true);
  });

  it('does not end a process whose start time is unknown', async () => {
    const { pid } = await runner.start(idle);
    expect(await endProcesses([{ pid, started: undefined }], ample)).toEqual([]);
    expect(isAlive(pid)).toBe(true);
  });

  it('has no start time for a process that does not exist', async () => {
    expect(await markProcess(2 ** 30)).toEqual({ pid: 2 ** 30, started: undefined });
  });

  it.each([
    ['exit', idle],
    ['do not exit', stubborn],
  ])('ends the children in the group of a leader if they %s after SIGTERM', async (_, code) => {
    const leader = await runner.start(withChild(code), { detached: true, prints: /child (\d+)/ });
    await endProcesses([await markProcess(leader.pid)], 1000);
    await leader.exited;
    expect(await dead(Number(leader.printed))).toBe(true);
  });

  it('ends no other process in the group of a process that is not its leader', async () => {
    const [one, neighbour] = [await runner.start(idle), await runner.start(idle)];
    await endProcesses([await markProcess(one.pid)], ample);
    expect(isAlive(neighbour.pid)).toBe(true);
  });

  it('ends several processes', async () => {
    const pids = [(await runner.start(idle)).pid, (await runner.start(stubborn)).pid];
    expect(await endProcesses(await Promise.all(pids.map(markProcess)), 200)).toEqual(pids);
  });
});

describe('a zombie', needs('linux'), () => {
  it('does not count as running, although it accepts signals', async () => {
    // A shell that was replaced by `sleep` reaps no children.
    const { printed } = await runner.start(
      `const { spawn } = require('node:child_process');
       spawn('/bin/sh', ['-c', 'sleep 0.2 & echo zombie $!; exec sleep 1000'], {
         stdio: ['ignore', 'inherit', 'ignore'],
       });
       ${idle}`,
      { detached: true, prints: /zombie (\d+)/ },
    );
    const pid = Number(printed);
    expect(await dead(pid)).toBe(true);
    expect(isAlive(pid)).toBe(true);
    const mark = await markProcess(pid);
    expect(mark.started).toBeDefined();
    expect(await endProcesses([mark], ample)).toEqual([]);
  });
});

describe('signalGroup', () => {
  it('ignores a group that does not exist', () => {
    expect(() => signalGroup(2 ** 30, 'SIGTERM')).not.toThrow();
  });
});

describe('process states', () => {
  it('parses /proc/<pid>/stat with any program name', () => {
    const rest = 'S 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 81234 20';
    for (const name of ['tbot', 'a) Z 1 (b', ') ', '', 'a\nb'])
      expect(statOfLinux(`42 (${name}) ${rest}`)).toEqual({ state: 'S', started: '81234' });
    expect(statOfLinux('')).toBeUndefined();
    expect(statOfLinux('42 (tbot) S 1 2')).toBeUndefined();
  });

  it('parses the output of ps', () => {
    const stat = { state: 'Ss+', started: 'Sat Nov 21 04:45:10 2026' };
    expect(statOfPs('Ss+  Sat Nov 21 04:45:10 2026    \n')).toEqual(stat);
    expect(statOfPs('')).toBeUndefined();
    expect(statOfPs('\n')).toBeUndefined();
    expect(statOfPs('Z\n')).toBeUndefined();
  });

  it('calls ps with options that macOS has', needs('posix'), async () => {
    expect(statOfPs(await outputOfPs(process.pid))).toEqual({
      state: expect.any(String),
      started: expect.stringMatching(/^\w{3} \w{3} +\d+ \d\d:\d\d:\d\d \d{4}$/),
    });
    expect(await outputOfPs(2 ** 30)).toBe('');
  });
});

/** Code of a leader that stays alive, with a child that prints its id. */
function withChild(code: string): string {
  const child = JSON.stringify(`${code}; console.log('child', process.pid)`);
  return `
    const { spawn } = require('node:child_process');
    spawn(process.execPath, ['--eval', ${child}], { stdio: ['ignore', 'inherit', 'ignore'] });
    ${idle}`;
}

/** Waits until a process has ended or is a zombie, up to the test's timeout. */
async function dead(pid: number): Promise<true> {
  for (;;) {
    const text = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '');
    if (/^(Z|)$/.test(statOfLinux(text)?.state ?? '')) return true;
    await pause(10);
  }
}
