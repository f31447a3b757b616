import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { once } from 'node:events';
import type { Readable } from 'node:stream';

import type { Environment } from '../runner.ts';

/** How a short command ended. */
export interface Ended {
  readonly stdout: string;
  readonly stderr: string;
  /** Undefined when a signal ended it. */
  readonly exitCode: number | undefined;
  readonly killedBy: NodeJS.Signals | undefined;
  /** It was still running at its deadline, and was ended. */
  readonly late: boolean;
}

const mostOutput = 64 * 1024;

type Child = ChildProcessByStdio<null, Readable, Readable>;

/**
 * Runs a command that should be over at once, without input, and leaves none of its processes
 * behind. Throws what `spawn` says when it can't be started, or the reason of the signal.
 */
export async function runBriefly(
  path: string,
  args: readonly string[],
  options: {
    readonly env: Environment;
    readonly milliseconds: number;
    readonly signal: AbortSignal;
  },
): Promise<Ended> {
  options.signal.throwIfAborted();
  const child = spawn(path, args, {
    env: options.env,
    stdio: ['ignore', 'pipe', 'pipe'],
    // A process group of its own, so that all of it can be ended.
    detached: process.platform !== 'win32',
    windowsHide: true,
  });
  const outputs = [collect(child.stdout), collect(child.stderr)] as const;
  let late = false;
  const end = (): void => endGroup(child);
  const timer = setTimeout(() => {
    late = true;
    end();
  }, options.milliseconds);
  options.signal.addEventListener('abort', end, { once: true });
  try {
    const [exitCode, killedBy] = await exitOf(child);
    end();
    const [stdout, stderr] = await outputOf(child, outputs);
    options.signal.throwIfAborted();
    return { stdout, stderr, exitCode, killedBy, late };
  } finally {
    clearTimeout(timer);
    options.signal.removeEventListener('abort', end);
  }
}

function exitOf(
  child: Child,
): Promise<[exitCode: number | undefined, killedBy: NodeJS.Signals | undefined]> {
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code, killedBy) => resolve([code ?? undefined, killedBy ?? undefined]));
  });
}

/** A process that left the group could hold the pipes open for ever: it is not waited for. */
async function outputOf(
  child: Child,
  outputs: readonly [Promise<string>, Promise<string>],
): Promise<readonly [string, string]> {
  const enough = setTimeout(() => {
    child.stdout.destroy();
    child.stderr.destroy();
  }, 1000);
  try {
    return await Promise.all(outputs);
  } finally {
    clearTimeout(enough);
  }
}

function endGroup(child: Child): void {
  if (child.pid === undefined) return;
  try {
    if (process.platform === 'win32') child.kill();
    else process.kill(-child.pid, 'SIGKILL');
  } catch {
    // Nothing of it is left.
  }
}

async function collect(stream: Readable): Promise<string> {
  let text = '';
  stream.setEncoding('utf8');
  stream.on('data', (chunk: string) => {
    text = `${text}${chunk}`.slice(0, mostOutput);
  });
  stream.on('error', () => undefined);
  await once(stream, 'close');
  return text;
}
