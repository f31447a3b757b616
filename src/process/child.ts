import { type ChildProcess, spawn } from 'node:child_process';
import { signalGroup } from './signal.ts';

export type Environment = Readonly<Record<string, string | undefined>>;

export interface Command {
  readonly path: string;
  readonly args: readonly string[];
  /** All that the program inherits. */
  readonly env: Environment;
  readonly cwd?: string;
}

/** How a program ended. */
export type Exit =
  | { readonly kind: 'code'; readonly code: number }
  | { readonly kind: 'signal'; readonly signal: string };

export function hasSucceeded(exit: Exit): boolean {
  return exit.kind === 'code' && exit.code === 0;
}

/**
 * Starts a program without input, as the leader of a process group so that all of it can be ended.
 * Throws what `spawn` throws at once; its other errors come from `exitOf`.
 */
export function startChild({ path, args, env, cwd }: Command): ChildProcess {
  return spawn(path, args, {
    env,
    ...(cwd !== undefined && { cwd }),
    detached: process.platform !== 'win32',
    stdio: ['ignore', 'pipe', 'pipe'],
    windowsHide: true,
  });
}

/** How a child ends, once it does. Throws the error of a program that could not be started. */
export function exitOf(child: ChildProcess): Promise<Exit> {
  const exited = new Promise<Exit>((resolve, reject) => {
    child.on('error', reject);
    child.once('exit', (code, signal) =>
      resolve(code === null ? { kind: 'signal', signal: String(signal) } : { kind: 'code', code }),
    );
  });
  // It may be awaited later, and fail before that.
  exited.catch(() => undefined);
  return exited;
}

/** A signal to all in a child's group; on Windows, where there is none, to the child. */
export function signalChild(child: ChildProcess, name: NodeJS.Signals): void {
  if (process.platform === 'win32') child.kill(name);
  else if (child.pid !== undefined) signalGroup(child.pid, name);
}
