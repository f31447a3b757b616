import { type ChildProcess, spawn } from 'node:child_process';
import type { Readable } from 'node:stream';
import { createLineCutter } from './lines.ts';

/** The timeouts of the runner in milliseconds. */
export interface Patience {
  /** After SIGINT, before SIGTERM: 7500. */
  readonly interrupt: number;
  /** After SIGTERM, before SIGKILL: 2500. */
  readonly terminate: number;
  /** After the exit, for pipes that a grandchild inherited: 5000. */
  readonly pipes: number;
}

/** The timeouts of `ProcessInvoker` in actions/runner. */
export const runnerPatience: Patience = { interrupt: 7500, terminate: 2500, pipes: 5000 };

/** The exit of a process. */
export interface Ending {
  readonly exitCode: number | null;
  readonly signal: NodeJS.Signals | null;
}

/** A running process of a step. */
export interface StepProcess {
  readonly pid: number;
  readonly ended: Promise<Ending>;
  /** Sends SIGINT, SIGTERM and SIGKILL in turn to this process. Resolves when it has exited. */
  cancel(): Promise<void>;
}

/** The command to start. It does not inherit the environment. */
export interface Invocation {
  readonly file: string;
  readonly args: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
  readonly directory: string;
}

/** Starts a process. Calls `receive` with each line of stdout and stderr. */
export async function startProcess(
  invocation: Invocation,
  patience: Patience,
  receive: (line: string) => void,
): Promise<StepProcess> {
  const child = spawn(invocation.file, invocation.args, {
    cwd: invocation.directory,
    env: { ...invocation.environment },
    stdio: 'pipe',
  });
  child.stdin.end();
  const drained = Promise.all([drain(child.stdout, receive), drain(child.stderr, receive)]);
  const exited = new Promise<Ending>((resolve) => {
    child.once('exit', (exitCode, signal) => resolve({ exitCode, signal }));
  });
  const pid = await started(child);
  const ended = exited.then(async (ending) => {
    await within(drained, patience.pipes);
    release(child);
    return ending;
  });
  return { pid, ended, cancel: async () => await cancel(child, exited, patience) };
}

async function started(child: ChildProcess): Promise<number> {
  return await new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('spawn', () => resolve(child.pid ?? -1));
  });
}

async function drain(stream: Readable, receive: (line: string) => void): Promise<void> {
  const cutter = createLineCutter();
  const take = (lines: readonly string[]): void => {
    for (const line of lines) receive(line);
  };
  stream.setEncoding('utf8');
  stream.on('data', (text: string) => take(cutter.push(text)));
  await new Promise<void>((resolve) => {
    stream.once('close', () => {
      take(cutter.end());
      resolve();
    });
  });
}

/** Stops waiting for pipes that a grandchild keeps open, but still drains them. */
function release(child: ChildProcess): void {
  for (const stream of [child.stdout, child.stderr]) {
    stream?.removeAllListeners('data').resume();
    if (stream !== null && 'unref' in stream && typeof stream.unref === 'function') stream.unref();
  }
}

async function cancel(
  child: ChildProcess,
  exited: Promise<unknown>,
  patience: Patience,
): Promise<void> {
  child.kill('SIGINT');
  if (await within(exited, patience.interrupt)) return;
  child.kill('SIGTERM');
  if (await within(exited, patience.terminate)) return;
  child.kill('SIGKILL');
  await exited;
}

/** Returns whether a promise settles within a time. */
async function within(promise: Promise<unknown>, milliseconds: number): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<false>((resolve) => {
    timer = setTimeout(() => resolve(false), milliseconds);
  });
  const done = await Promise.race([promise.then(() => true), late]);
  clearTimeout(timer);
  return done;
}
