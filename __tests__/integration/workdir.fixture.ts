import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdtemp, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach } from 'vitest';
import { type Workdir, createWorkdir } from '../../src/workdir/workdir.ts';
import { signalGroup } from '../../src/process/signal.ts';
import type { CiPort, Environment } from '../../src/ci/port.ts';
import { ciWith } from '../recording.ts';

/** Whether this process can run programs as another user, which only root can. */
export const canBeOther = process.getuid?.() === 0;

/** Id of the user `nobody`. */
export const nobody = 65_534;

/** The folders of a runner. */
export interface RunnerFolders {
  /** RUNNER_TEMP, with links resolved. */
  readonly temp: string;
  /** The environment of a job on this runner. */
  env(changes?: Environment): Environment;
  /** The port in that environment. */
  ci(): CiPort;
  /** Creates a private directory in a job with changed variables. */
  workdir(changes?: Environment): Promise<Workdir>;
  /** Writes an executable script to the folder that contains `temp` and returns its path. */
  script(name: string, text: string): Promise<string>;
  /** Starts Node with this code and waits for its output; the process is ended after the test. */
  start(code: string, options?: StartOptions): Promise<Started>;
}

export interface StartOptions {
  readonly detached?: boolean;
  /** The output to wait for; by default `ready`, which is printed once the code has run. */
  readonly prints?: RegExp;
}

export interface Started {
  readonly child: ChildProcess;
  readonly pid: number;
  /** The first group of `prints`. */
  readonly printed: string;
  /** Resolves with the exit code and the signal. */
  readonly exited: Promise<readonly unknown[]>;
}

/** Creates a runner's folders before each test of a file and removes them after it. */
export function runnerFolders(): RunnerFolders {
  let folder = '';
  let temp = '';
  const children: ChildProcess[] = [];
  beforeEach(async () => {
    folder = await realpath(await mkdtemp(join(tmpdir(), 'runner-')));
    await chmod(folder, 0o755);
    temp = await realpath(await mkdtemp(join(folder, 'temp-')));
  });
  afterEach(async () => {
    for (const child of children.splice(0)) {
      // The process group of a leader, or else the process itself.
      if (child.pid !== undefined) signalGroup(child.pid, 'SIGKILL');
      child.kill('SIGKILL');
    }
    await rm(folder, { recursive: true, force: true });
  });
  const env = (changes: Environment = {}): Environment => ({
    RUNNER_TEMP: temp,
    GITHUB_REPOSITORY: 'acme/web',
    GITHUB_RUN_ID: '17',
    GITHUB_RUN_ATTEMPT: '1',
    GITHUB_JOB: 'build',
    RUNNER_TRACKING_ID: 'github_1',
    ...changes,
  });
  return {
    get temp() {
      return temp;
    },
    env,
    ci: () => ciWith(env()),
    workdir: async (changes) => createWorkdir(ciWith(env(changes))),
    script: async (name, text) => {
      const path = join(folder, name);
      await writeFile(path, text, { mode: 0o755 });
      return path;
    },
    start: async (code, { detached = false, prints = /ready/ } = {}) => {
      const child = spawn(process.execPath, ['--eval', `${code}; console.log('ready')`], {
        env: { PATH: '/usr/bin:/bin' },
        detached,
        stdio: ['ignore', 'pipe', 'inherit'],
      });
      children.push(child);
      const exited = once(child, 'exit');
      return {
        child,
        pid: child.pid ?? 0,
        printed: await firstMatch(child.stdout, prints),
        exited,
      };
    },
  };
}

/** Keeps reading after a match, so that the process can still write. */
function firstMatch(stream: NodeJS.ReadableStream, pattern: RegExp): Promise<string> {
  return new Promise((resolve, reject) => {
    let text = '';
    stream.on('data', (chunk: Buffer) => {
      text += chunk.toString();
      const found = pattern.exec(text);
      if (found) resolve(found[1] ?? '');
    });
    stream.on('end', () => reject(new Error(`not printed: ${pattern}`)));
  });
}

/** Code that stays alive until it is killed. */
export const idle = 'setInterval(() => {}, 1000)';

/** Code that ignores SIGTERM and SIGINT. */
export const stubborn = `process.on('SIGTERM', () => {}); process.on('SIGINT', () => {}); ${idle}`;

const source = (path: string): string =>
  JSON.stringify(new URL(`../../src/${path}`, import.meta.url).href);

/** Creates a private directory below its first argument; prints its path, or the Problem. */
const creation = `
  import { createWorkdir, writeToWorkdir } from ${source('workdir/workdir.ts')};
  const state = [];
  const ci = {
    directories: { temp: process.argv[1] },
    job: { key: 'a job' },
    saveState: (name, value) => state.push([name, value]),
  };
  const print = (result) => console.log(JSON.stringify({ state, ...result }));
  try {
    const workdir = await createWorkdir(ci);
    if (process.argv[2]) await writeToWorkdir(workdir.path, 'file', 'x'.repeat(Number(process.argv[2])));
    print({ path: workdir.path });
  } catch ({ name, code, message }) { print({ name, code, message }); }`;

/** The output of `creation`. */
export interface Created {
  /** The saved state: names and values. */
  readonly state: readonly (readonly [string, string])[];
  readonly path?: string;
  readonly name?: string;
  readonly code?: string;
  readonly message?: string;
}

const env = { PATH: '/usr/sbin:/usr/bin:/sbin:/bin', NODE_NO_WARNINGS: '1' };
const node = [process.execPath, '--input-type=module', '--eval'] as const;

/** Creates a private directory as another user. */
export async function createAsOther(temp: string): Promise<Created> {
  const args = ['--reuid', `${nobody}`, '--regid', `${nobody}`, '--clear-groups'];
  const { stdout } = await promisify(execFile)('setpriv', [...args, ...node, creation, temp], {
    env,
  });
  return parsed(stdout);
}

/** Creates a private directory on a tmpfs in a mount namespace, and a file of `bytes` bytes in it. */
export async function createOnTmpfs(
  mount: string,
  { options, bytes = 0 }: { readonly options: string; readonly bytes?: number },
): Promise<Created> {
  const shell = `mount -t tmpfs -o ${options} tmpfs "$1" && exec "$2" "$3" "$4" "$5" "$1" "$6"`;
  const args = ['--mount', 'sh', '-c', shell, 'sh', mount, ...node, creation, `${bytes || ''}`];
  return parsed((await promisify(execFile)('unshare', args, { env })).stdout);
}

function parsed(stdout: string): Created {
  const json: unknown = JSON.parse(stdout);
  if (isCreated(json)) return json;
  throw new TypeError(`unexpected: ${stdout}`);
}

function isCreated(json: unknown): json is Created {
  return typeof json === 'object' && json !== null && 'state' in json;
}
