import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import type { Readable } from 'node:stream';

import { type Environment, type Exit, exitOf, signalChild, startChild } from './child.ts';

/** How a short command ended. */
export interface CommandResult {
  readonly stdout: string;
  readonly stderr: string;
  readonly exit: Exit;
  /** It was still running at its deadline, and was ended. */
  readonly late: boolean;
}

const mostOutput = 64 * 1024;

/**
 * Runs a command that should be over at once, without input, and leaves none of its processes
 * behind. Throws what `spawn` says when it can't be started, or the reason of the signal.
 */
export async function runCommand(
  path: string,
  args: readonly string[],
  options: {
    readonly env: Environment;
    readonly milliseconds: number;
    readonly signal: AbortSignal;
  },
): Promise<CommandResult> {
  options.signal.throwIfAborted();
  const child = startChild({ path, args, env: options.env });
  const outputs = [collect(child.stdout), collect(child.stderr)] as const;
  let late = false;
  const end = (): void => signalChild(child, 'SIGKILL');
  const timer = setTimeout(() => {
    late = true;
    end();
  }, options.milliseconds);
  options.signal.addEventListener('abort', end, { once: true });
  try {
    const exit = await exitOf(child);
    end();
    const [stdout, stderr] = await outputOf(child, outputs);
    options.signal.throwIfAborted();
    return { stdout, stderr, exit, late };
  } finally {
    clearTimeout(timer);
    options.signal.removeEventListener('abort', end);
  }
}

/** A process that left the group could hold the pipes open for ever: it is not waited for. */
async function outputOf(
  child: ChildProcess,
  outputs: readonly [Promise<string>, Promise<string>],
): Promise<readonly [string, string]> {
  const enough = setTimeout(() => {
    child.stdout?.destroy();
    child.stderr?.destroy();
  }, 1000);
  try {
    return await Promise.all(outputs);
  } finally {
    clearTimeout(enough);
  }
}

async function collect(stream: Readable | null): Promise<string> {
  if (!stream) return '';
  let text = '';
  stream.setEncoding('utf8');
  stream.on('data', (chunk: string) => {
    text = `${text}${chunk}`.slice(0, mostOutput);
  });
  stream.on('error', () => undefined);
  await once(stream, 'close');
  return text;
}
