import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import type { Readable } from 'node:stream';

import { type Environment, type Exit, exitOf, signalChild, startChild } from './child.ts';

/** The result of a short command. */
export interface CommandResult {
  readonly stdout: string;
  readonly stderr: string;
  readonly exit: Exit;
  /** Whether the command was killed at its deadline. */
  readonly timedOut: boolean;
}

/** Number of characters of stdout and of stderr that are kept. */
const outputLimit = 64 * 1024;

/**
 * Runs a command without input until it exits or its deadline passes, and kills every process that
 * it leaves behind. Throws the error of `spawn` if it cannot be started, or the signal's reason.
 */
export async function runCommand(
  path: string,
  args: readonly string[],
  options: {
    readonly env: Environment;
    /** Milliseconds. */
    readonly deadline: number;
    readonly signal: AbortSignal;
  },
): Promise<CommandResult> {
  options.signal.throwIfAborted();
  const child = startChild({ path, args, env: options.env });
  const outputs = [collect(child.stdout), collect(child.stderr)] as const;
  let timedOut = false;
  const kill = (): void => signalChild(child, 'SIGKILL');
  const timer = setTimeout(() => {
    timedOut = true;
    kill();
  }, options.deadline);
  options.signal.addEventListener('abort', kill, { once: true });
  try {
    const exit = await exitOf(child);
    kill();
    const [stdout, stderr] = await outputOf(child, outputs);
    options.signal.throwIfAborted();
    return { stdout, stderr, exit, timedOut };
  } finally {
    clearTimeout(timer);
    options.signal.removeEventListener('abort', kill);
  }
}

/** Stops waiting after a second, because a process that left the group can keep the pipes open. */
async function outputOf(
  child: ChildProcess,
  outputs: readonly [Promise<string>, Promise<string>],
): Promise<readonly [string, string]> {
  const timer = setTimeout(() => {
    child.stdout?.destroy();
    child.stderr?.destroy();
  }, 1000);
  try {
    return await Promise.all(outputs);
  } finally {
    clearTimeout(timer);
  }
}

async function collect(stream: Readable | null): Promise<string> {
  if (!stream) return '';
  let text = '';
  stream.setEncoding('utf8');
  stream.on('data', (chunk: string) => {
    text = `${text}${chunk}`.slice(0, outputLimit);
  });
  stream.on('error', () => undefined);
  await once(stream, 'close');
  return text;
}
