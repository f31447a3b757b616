import { type ChildProcess, spawn } from 'node:child_process';
import type { Readable } from 'node:stream';
import { createLineCutter } from './lines.ts';

/** How long the runner waits, in milliseconds. Its own figures are the defaults. */
export interface Patience {
  /** After SIGINT, before SIGTERM: 7500. */
  readonly interrupt: number;
  /** After SIGTERM, before SIGKILL: 2500. */
  readonly terminate: number;
  /** After the exit, for pipes that a grandchild inherited: 5000. */
  readonly pipes: number;
}

/** The figures of `ProcessInvoker` in actions/runner. */
export const runnerPatience: Patience = { interrupt: 7500, terminate: 2500, pipes: 5000 };

/** How a process ended. */
export interface Ending {
  readonly exitCode: number | null;
  readonly signal: NodeJS.Signals | null;
}

/** A step's process while it runs. */
export interface StepProcess {
  readonly pid: number;
  readonly ended: Promise<Ending>;
  /** SIGINT, SIGTERM and SIGKILL in turn, to this one process; resolves when it is gone. */
  cancel(): Promise<void>;
}

/** What to start; nothing of our own environment is inherited. */
export interface Invocation {
  readonly file: string;
  readonly args: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
  readonly directory: string;
}

/** Starts the process; `receive` gets each line of stdout and stderr as it comes. */
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

/** Pipes that are still open belong to a grandchild: keep them flowing, but wait no more. */
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

/** True when the promise settles within the time. */
async function within(promise: Promise<unknown>, milliseconds: number): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<false>((resolve) => {
    timer = setTimeout(() => resolve(false), milliseconds);
  });
  const done = await Promise.race([promise.then(() => true), late]);
  clearTimeout(timer);
  return done;
}
