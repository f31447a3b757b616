import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { searchPath } from './stop.ts';

/** Whether this process can create a mount namespace, which needs root and the kernel's support. */
export const canMount = spawnSync('unshare', ['--mount', 'true']).status === 0;

/** A child process that does one task after another. */
export interface Lane<Task, Result> {
  run(task: Task): Promise<Result>;
  end(): Promise<void>;
}

export interface LaneOptions<Result> {
  /** The program, which calls `serve`. */
  readonly program: string;
  readonly isResult: (message: unknown) => message is Result;
  /** Whether it gets a mount namespace of its own. */
  readonly mounts?: boolean;
  /** The account that it runs as. */
  readonly uid?: number;
}

/** Starts a lane and waits until it is ready. */
export async function startLane<Task extends object, Result>(
  options: LaneOptions<Result>,
): Promise<Lane<Task, Result>> {
  const { program, isResult, mounts = false, uid } = options;
  const command = [process.execPath, new URL(program, import.meta.url).pathname];
  const [file = '', ...args] = mounts ? ['unshare', '--mount', ...command] : command;
  const child = spawn(file, args, {
    env: { PATH: searchPath, NODE_NO_WARNINGS: '1' },
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    ...(uid === undefined ? {} : { uid, gid: uid, cwd: '/' }),
  });
  await messageOf(child);
  return {
    run: async (task) => {
      const answer = messageOf(child);
      child.send(task);
      const result = await answer;
      if (isResult(result)) return result;
      throw new TypeError(`a lane answered ${JSON.stringify(result)}`);
    },
    end: async () => {
      const exited = once(child, 'exit');
      child.disconnect();
      await exited;
    },
  };
}

async function messageOf(child: ChildProcess): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const exited = (code: number | null, signal: string | null): void =>
      reject(new Error(`a lane ended with exit code ${code}, signal ${signal}`));
    child.once('exit', exited);
    child.once('message', (message) => {
      child.off('exit', exited);
      resolve(message);
    });
  });
}

/** Does the tasks of a lane, in the child process, until the parent process lets go of it. */
export async function serve<Task>(
  isTask: (message: unknown) => message is Task,
  work: (task: Task) => Promise<object>,
): Promise<void> {
  process.on('message', (message) => {
    if (isTask(message)) void work(message).then((result) => process.send?.(result));
  });
  process.send?.('ready');
  await once(process, 'disconnect');
}
