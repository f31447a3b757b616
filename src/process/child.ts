import { type ChildProcess, spawn } from 'node:child_process';

import { signalGroup } from './signal.ts';

export type Environment = Readonly<Record<string, string | undefined>>;

export interface Command {
  readonly path: string;
  readonly args: readonly string[];
  /** The complete environment of the program, which inherits no other variables. */
  readonly env: Environment;
  readonly cwd?: string;
}

/** The exit code of a program, or the signal that terminated it. */
export type Exit =
  | { readonly kind: 'code'; readonly code: number }
  | { readonly kind: 'signal'; readonly signal: string };

/** Returns whether a program exited with code 0. */
export function hasSucceeded(exit: Exit): boolean {
  return exit.kind === 'code' && exit.code === 0;
}

/**
 * Starts a program without input, as the leader of a process group, so that its children can be
 * ended with it. With `output`, a file descriptor, it inherits no pipe and can outlive this process.
 * Throws some errors of `spawn` at once; `exitOf` throws the others.
 *
 * tbot and `tbot version` are started here and not with @actions/exec, which has no process group,
 * no deadline, no limit on the output and no way to end the program. Commands that need none of
 * these (`icacls`, `ps`) run with @actions/exec.
 */
export function startChild(
  { path, args, env, cwd }: Command,
  output: number | 'pipe' = 'pipe',
): ChildProcess {
  return spawn(path, args, {
    env,
    ...(cwd !== undefined && { cwd }),
    detached: process.platform !== 'win32',
    stdio: ['ignore', output, output],
    windowsHide: true,
  });
}

/** Resolves when a child has exited. Throws the error of a program that could not be started. */
export function exitOf(child: ChildProcess): Promise<Exit> {
  const exited = new Promise<Exit>((resolve, reject) => {
    child.on('error', reject);
    child.once('exit', (code, signal) =>
      resolve(code === null ? { kind: 'signal', signal: String(signal) } : { kind: 'code', code }),
    );
  });
  // It can reject before a caller awaits it.
  exited.catch(() => undefined);
  return exited;
}

/** Sends a signal to a child's process group; on Windows, which has no groups, to the child. */
export function signalChild(child: ChildProcess, name: NodeJS.Signals): void {
  if (process.platform === 'win32') child.kill(name);
  else if (child.pid !== undefined) signalGroup(child.pid, name);
}
