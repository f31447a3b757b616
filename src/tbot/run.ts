import type { ChildProcess } from 'node:child_process';
import { createInterface } from 'node:readline';
import { setTimeout as pause } from 'node:timers/promises';
import { messageOf, Problem } from '../problem.ts';
import { type Command, exitOf, hasSucceeded, signalChild, startChild } from '../process/child.ts';
import type { TbotFailure } from './diagnosis/diagnosis.ts';

export interface RunUsing {
  /** Stops the process group; its reason is thrown. */
  readonly signal: AbortSignal;
  /** Receives the process ID at once, so that the post step can stop a process that remains. */
  readonly onStart: (pid: number) => Promise<void>;
  readonly onLine: (line: string) => void;
}

/** Milliseconds between SIGTERM and SIGKILL. */
const grace = 2000;
/** Lines of the log that are kept to explain a failure. */
const linesKept = 2000;

/**
 * Runs tbot in its own process group until it exits, and stops what remains of the group. Returns
 * undefined on success, otherwise the failure. The signal is the only deadline: tbot can wait forever
 * for a silent proxy. Throws a Problem `tbot` if it cannot be started.
 */
export async function runTbot(command: Command, using: RunUsing): Promise<TbotFailure | undefined> {
  using.signal.throwIfAborted();
  const child = start(command);
  const log = collect(child, using.onLine);
  const exited = exitOf(child);
  const stop = (): void => void endGroup(child);
  using.signal.addEventListener('abort', stop);
  try {
    if (child.pid !== undefined) await using.onStart(child.pid);
    const exit = await exited.catch(notStarted);
    using.signal.throwIfAborted();
    if (hasSucceeded(exit)) return undefined;
    return { exit, log: await log() };
  } finally {
    using.signal.removeEventListener('abort', stop);
    signalChild(child, 'SIGKILL');
    await log();
  }
}

function start(command: Command): ChildProcess {
  try {
    return startChild(command);
  } catch (error) {
    // A few errors, such as ETXTBSY, are thrown instead of emitted.
    return notStarted(error);
  }
}

function notStarted(error: unknown): never {
  throw new Problem({
    code: 'tbot',
    what: `tbot could not be started: ${messageOf(error)}.`,
    fix: 'Check the file in the output `tbot-path`, or remove the input `tbot-path` so that this action downloads tbot.',
    cause: error,
  });
}

/** Reads both streams. The returned function waits briefly for pipes that another process holds open. */
function collect(
  child: ChildProcess,
  onLine: (line: string) => void,
): () => Promise<readonly string[]> {
  const lines: string[] = [];
  const read = async (stream: NodeJS.ReadableStream | null): Promise<void> => {
    if (!stream) return;
    for await (const line of createInterface({ input: stream })) {
      onLine(line);
      lines.push(line);
      if (lines.length > linesKept) lines.shift();
    }
  };
  const done = Promise.all([read(child.stdout), read(child.stderr)]).catch(() => undefined);
  return async () => {
    await Promise.race([done, pause(500, undefined, { ref: false })]);
    child.stdout?.destroy();
    child.stderr?.destroy();
    return lines;
  };
}

async function endGroup(child: ChildProcess): Promise<void> {
  signalChild(child, 'SIGTERM');
  await pause(grace, undefined, { ref: false });
  if (child.exitCode === null && child.signalCode === null) signalChild(child, 'SIGKILL');
}
