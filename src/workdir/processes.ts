import { readFile } from 'node:fs/promises';
import { setTimeout as pause } from 'node:timers/promises';
import type { ProcessMark } from './marker.ts';
import { signal, signalGroup } from '../process/signal.ts';

/**
 * Marks a process so that it is known again: an id alone may by then belong to somebody else. When
 * it started is undefined where that can't be found out, and then it is never ended: Windows, where
 * a runner that cancels ends the whole tree itself.
 */
export async function markProcess(pid: number): Promise<ProcessMark> {
  return { pid, started: (await statOf(pid))?.started };
}

/**
 * Ends what still runs of the given processes, each with its process group if it leads one: SIGTERM,
 * and SIGKILL after `grace` milliseconds. Answers the ids of those that were found running.
 */
export async function endProcesses(
  marks: readonly ProcessMark[],
  grace: number,
): Promise<readonly number[]> {
  const running = await stillRunning(marks);
  for (const { pid } of running) signalBoth(pid, 'SIGTERM');
  const stubborn = await stillRunningAfter(grace, running);
  for (const { pid } of stubborn) signalBoth(pid, 'SIGKILL');
  await stillRunningAfter(grace, stubborn);
  // A leader that went by itself can leave children behind that did not.
  for (const { pid } of running) signalGroup(pid, 'SIGKILL');
  return running.map(({ pid }) => pid);
}

function signalBoth(pid: number, name: NodeJS.Signals): void {
  signalGroup(pid, name);
  signal(pid, name);
}

async function stillRunningAfter(
  milliseconds: number,
  marks: readonly ProcessMark[],
): Promise<readonly ProcessMark[]> {
  const end = performance.now() + milliseconds;
  let running = await stillRunning(marks);
  while (running.length > 0 && performance.now() < end) {
    await pause(25);
    running = await stillRunning(running);
  }
  return running;
}

async function stillRunning(marks: readonly ProcessMark[]): Promise<readonly ProcessMark[]> {
  const alive = await Promise.all(marks.map(isRunning));
  return marks.filter((_, index) => alive[index]);
}

async function isRunning({ pid, started }: ProcessMark): Promise<boolean> {
  if (pid === process.pid || started === undefined) return false;
  const stat = await statOf(pid);
  // In a container nobody may reap: a zombie answers signals and does nothing any more.
  return stat !== undefined && stat.started === started && !stat.state.startsWith('Z');
}

interface ProcessStat {
  readonly state: string;
  /** When it started, in the system's own words; to be compared and nothing else. */
  readonly started: string;
}

async function statOf(pid: number): Promise<ProcessStat | undefined> {
  if (process.platform === 'linux')
    return statOfLinux(await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => ''));
  return process.platform === 'win32' ? undefined : statOfPs(await askPs(pid));
}

/** Fields 3 and 22 of /proc/<pid>/stat: the state, and the start in ticks since boot (proc(5)). */
export function statOfLinux(text: string): ProcessStat | undefined {
  // The second field is the program's name in parentheses and may hold anything.
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
  const [state, started] = [fields[0], fields[19]];
  return state && started ? { state, started } : undefined;
}

/** What `ps -o state=,lstart=` prints: `Ss   Sat Nov 21 04:45:10 2026` (ps(1) of macOS). */
export function statOfPs(text: string): ProcessStat | undefined {
  const [, state, started] = /^\s*(\S+)\s+(\S.*?)\s*$/.exec(text) ?? [];
  return state && started ? { state, started } : undefined;
}

/** Returns what `ps` prints about a process; an empty text if it does not exist. */
export async function askPs(pid: number): Promise<string> {
  // Loaded only here, so that the post step does not load it on systems with /proc.
  const { getExecOutput } = await import('@actions/exec');
  const args = ['-o', 'state=,lstart=', '-p', String(pid)];
  return getExecOutput('/bin/ps', args, { env: { LC_ALL: 'C', TZ: 'UTC' }, silent: true }).then(
    ({ stdout }) => stdout,
    () => '',
  );
}
