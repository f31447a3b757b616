import { readdir, readFile } from 'node:fs/promises';
import { setTimeout as pause } from 'node:timers/promises';
import type { ProcessMark } from './marker.ts';
import { signal, signalGroup } from '../process/signal.ts';

/**
 * Returns what identifies a process later: its start time as well, because ids are reused. Without
 * a start time, which is not available on Windows, the process is never ended; there the runner
 * ends the whole process tree itself when it cancels a job.
 */
export async function markProcess(pid: number): Promise<ProcessMark> {
  return { pid, started: (await statOf(pid))?.started };
}

/**
 * Returns the processes with a file of a private directory on their command line, as tbot has its
 * configuration. Finds a tbot that was started just before main was killed. Linux only; elsewhere
 * the runner ends it after the job.
 */
export async function findProcesses(workdir: string): Promise<readonly ProcessMark[]> {
  const names = await readdir('/proc').catch(() => []);
  const pids = names.filter((name) => /^\d+$/.test(name)).map(Number);
  const commands = await Promise.all(
    pids.map((pid) => readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')),
  );
  const found = pids.filter((_, index) => commands[index]?.includes(`${workdir}/`));
  return Promise.all(found.map(markProcess));
}

/**
 * Ends those of the given processes that are still running, each with its process group if it leads
 * one: with SIGTERM, and with SIGKILL after `grace` milliseconds. Returns the ids of the processes
 * that were running.
 */
export async function endProcesses(
  marks: readonly ProcessMark[],
  grace: number,
): Promise<readonly number[]> {
  const running = await stillRunning(marks);
  for (const { pid } of running) signalWithGroup(pid, 'SIGTERM');
  const remaining = await stillRunningAfter(grace, running);
  for (const { pid } of remaining) signalWithGroup(pid, 'SIGKILL');
  await stillRunningAfter(grace, remaining);
  // The children of a leader that has exited may still be running.
  for (const { pid } of running) signalGroup(pid, 'SIGKILL');
  return running.map(({ pid }) => pid);
}

function signalWithGroup(pid: number, name: NodeJS.Signals): void {
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

/** Whether a process is still running. One whose start time is unknown counts as gone. */
export async function isRunning({ pid, started }: ProcessMark): Promise<boolean> {
  if (pid === process.pid || started === undefined) return false;
  const stat = await statOf(pid);
  // Zombies accept signals, and a container may have no init process that reaps them.
  return stat !== undefined && stat.started === started && !stat.state.startsWith('Z');
}

interface ProcessStat {
  readonly state: string;
  /** The start time in the system's format, only to be compared. */
  readonly started: string;
}

async function statOf(pid: number): Promise<ProcessStat | undefined> {
  if (process.platform === 'linux')
    return statOfLinux(await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => ''));
  return process.platform === 'win32' ? undefined : statOfPs(await outputOfPs(pid));
}

/**
 * Parses fields 3 and 22 of /proc/<pid>/stat: the state, and the start in ticks since boot
 * (proc(5)).
 */
export function statOfLinux(text: string): ProcessStat | undefined {
  // The second field is the program's name in parentheses, which may contain spaces and
  // parentheses.
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
  const [state, started] = [fields[0], fields[19]];
  return state && started ? { state, started } : undefined;
}

/**
 * Parses the output of `ps -o state=,lstart=`, `Ss   Sat Nov 21 04:45:10 2026` (ps(1) of macOS).
 */
export function statOfPs(text: string): ProcessStat | undefined {
  const [, state, started] = /^\s*(\S+)\s+(\S.*?)\s*$/.exec(text) ?? [];
  return state && started ? { state, started } : undefined;
}

/** Returns the output of `ps` for a process; an empty string if it does not exist. */
export async function outputOfPs(pid: number): Promise<string> {
  // Loaded only here, so that the post step does not load it on systems with /proc.
  const { getExecOutput } = await import('@actions/exec');
  const args = ['-o', 'state=,lstart=', '-p', String(pid)];
  return getExecOutput('/bin/ps', args, { env: { LC_ALL: 'C', TZ: 'UTC' }, silent: true }).then(
    ({ stdout }) => stdout,
    () => '',
  );
}
