import type { ChildProcess } from 'node:child_process';
import { dirname, join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { type Command, type Exit, exitOf, signalChild } from '../process/child.ts';
import { endGroup, linesKept, notStarted, startTbot } from '../tbot/run.ts';
import type { TbotFailure } from '../tbot/diagnosis/explain.ts';
import { unwritable } from '../workdir/workdir.ts';
import { createLog, followLog, logName } from './log-file.ts';

/** A tbot that keeps running. */
export interface RunningTbot {
  readonly pid: number;
  /** Path of its log. */
  readonly logFile: string;
  /** Ends its process group. */
  readonly end: () => Promise<void>;
}

export interface StartUsing {
  /** Path of the private directory. */
  readonly workdir: string;
  /** Ends the process group; its reason is thrown. */
  readonly signal: AbortSignal;
  /** Receives the process ID at once, so that the post step can stop the process. */
  readonly onStart: (pid: number) => Promise<void>;
  readonly onLine: (line: string) => void;
  /** Returns `ready`, or a failure although tbot keeps running; undefined to wait. */
  readonly inspect: (log: readonly string[]) => Promise<'ready' | TbotFailure | undefined>;
}

/** Milliseconds between two inspections. */
const interval = 50;

/**
 * Starts tbot in its own process group, with a log file and without pipes, and waits until it is ready.
 * It then outlives this process. Returns the failure of a tbot that exits or cannot become ready, after
 * ending its process group. Throws a Problem `tbot` if it cannot be started, `platform` without a log.
 */
export async function startInBackground(
  command: Command,
  using: StartUsing,
): Promise<RunningTbot | TbotFailure> {
  using.signal.throwIfAborted();
  const path = join(using.workdir, logName);
  const { child, exited } = await startWithLog(command, path);
  const stop = (): void => void endGroup(child, exited);
  using.signal.addEventListener('abort', stop);
  try {
    if (child.pid !== undefined) await using.onStart(child.pid);
    const failure = await untilReady(path, exited, using);
    if (failure === undefined) {
      child.unref();
      const end = async (): Promise<void> => endGroup(child, exited);
      return { pid: child.pid ?? 0, logFile: path, end };
    }
    if (failure.exit.kind === 'running') await endGroup(child, exited);
    else signalChild(child, 'SIGKILL');
    return failure;
  } catch (error) {
    await endGroup(child, exited);
    throw error;
  } finally {
    using.signal.removeEventListener('abort', stop);
  }
}

async function startWithLog(
  command: Command,
  path: string,
): Promise<{ readonly child: ChildProcess; readonly exited: Promise<Exit> }> {
  await using log = await createLog(path).catch((error: unknown) => {
    throw unwritable(dirname(path), error);
  });
  const child = startTbot(command, log.fd);
  // At once, because a program that cannot be started emits an error in the next tick.
  return { child, exited: exitOf(child) };
}

/** Waits for the first of: ready, exit, failure, abort. */
async function untilReady(
  path: string,
  exited: Promise<Exit>,
  { signal, inspect, onLine }: StartUsing,
): Promise<TbotFailure | undefined> {
  let exit: Exit | undefined;
  const ended = exited.then((result) => (exit = result)).catch(notStarted);
  ended.catch(() => undefined);
  const lines: string[] = [];
  await using log = await followLog(path);
  for (;;) {
    const seen = exit;
    for (const line of await log.read(seen !== undefined)) {
      onLine(line);
      lines.push(line);
    }
    lines.splice(0, lines.length - linesKept);
    signal.throwIfAborted();
    if (seen !== undefined) return { exit: seen, log: lines };
    const result = await inspect(lines);
    if (result === 'ready') return undefined;
    if (result !== undefined) return result;
    await Promise.race([ended, pause(interval)]);
  }
}
