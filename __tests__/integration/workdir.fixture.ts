import { type ChildProcess, execFile, spawn, spawnSync } from 'node:child_process';
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

/** Mounts need root and a kernel that lets us have a mount namespace. */
export const canMount = spawnSync('unshare', ['--mount', 'true']).status === 0;

/** Only root can be somebody else. */
export const canBeOther = process.getuid?.() === 0;

/** A user that owns nothing. */
export const nobody = 65_534;

export interface Place {
  /** Stands for RUNNER_TEMP; links resolved. */
  readonly temp: string;
  /** The environment of a job on this runner. */
  env(changes?: Environment): Environment;
  /** The port in that environment. */
  ci(): CiPort;
  workdir(changes?: Environment): Promise<Workdir>;
  /** A file with a script in a folder beside `temp`; `name` gives the kind. */
  script(name: string, text: string): Promise<string>;
  /** A process that has said what was waited for; ended after the test. */
  start(code: string, options?: StartOptions): Promise<Started>;
}

export interface StartOptions {
  readonly detached?: boolean;
  /** What is waited for; `ready` is said once the code was run. */
  readonly says?: RegExp;
}

export interface Started {
  readonly child: ChildProcess;
  readonly pid: number;
  /** The first group of `says`. */
  readonly said: string;
  /** Its exit code and the signal that ended it. */
  readonly exited: Promise<readonly unknown[]>;
}

/** A runner's folders, made anew for each test of a file and removed after it. */
export function runnerPlace(): Place {
  let folder = '';
  let temp = '';
  const children: ChildProcess[] = [];
  beforeEach(async () => {
    folder = await realpath(await mkdtemp(join(tmpdir(), 'home-')));
    await chmod(folder, 0o755);
    temp = await realpath(await mkdtemp(join(folder, 'temp-')));
  });
  afterEach(async () => {
    for (const child of children.splice(0)) {
      // The group of one that leads one, and else itself.
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
    start: async (code, { detached = false, says = /ready/ } = {}) => {
      const child = spawn(process.execPath, ['--eval', `${code}; console.log('ready')`], {
        env: { PATH: '/usr/bin:/bin' },
        detached,
        stdio: ['ignore', 'pipe', 'inherit'],
      });
      children.push(child);
      const exited = once(child, 'exit');
      return { child, pid: child.pid ?? 0, said: await firstSaid(child.stdout, says), exited };
    },
  };
}

/** Goes on reading, so that a later word finds an open pipe. */
function firstSaid(stream: NodeJS.ReadableStream, says: RegExp): Promise<string> {
  return new Promise((resolve, reject) => {
    let text = '';
    stream.on('data', (chunk: Buffer) => {
      text += chunk.toString();
      const found = says.exec(text);
      if (found) resolve(found[1] ?? '');
    });
    stream.on('end', () => reject(new Error(`not said: ${says}`)));
  });
}

/** Code that stays alive until it is killed. */
export const idle = 'setInterval(() => {}, 1000)';

/** Code that stays alive, whatever it is politely told. */
export const stubborn = `process.on('SIGTERM', () => {}); process.on('SIGINT', () => {}); ${idle}`;

const source = (path: string): string =>
  JSON.stringify(new URL(`../../src/${path}`, import.meta.url).href);

/** Makes a home with RUNNER_TEMP given as the first argument; prints the home, or the Problem. */
const makingHome = `
  import { createWorkdir, writeToWorkdir } from ${source('workdir/workdir.ts')};
  const said = [];
  const ci = {
    directories: { temp: process.argv[1] },
    job: { key: 'a job' },
    saveState: (name, value) => said.push([name, value]),
  };
  const tell = (what) => console.log(JSON.stringify({ said, ...what }));
  try {
    const workdir = await createWorkdir(ci);
    if (process.argv[2]) await writeToWorkdir(workdir.path, 'file', 'x'.repeat(Number(process.argv[2])));
    tell({ path: workdir.path });
  } catch ({ name, code, message }) { tell({ name, code, message }); }`;

/** What `makingHome` told. */
export interface Told {
  readonly said: readonly (readonly [string, string])[];
  readonly path?: string;
  readonly name?: string;
  readonly code?: string;
  readonly message?: string;
}

const env = { PATH: '/usr/sbin:/usr/bin:/sbin:/bin', NODE_NO_WARNINGS: '1' };
const node = [process.execPath, '--input-type=module', '--eval'] as const;

/** Makes a home as another user. */
export async function homeOfOther(temp: string): Promise<Told> {
  const args = ['--reuid', `${nobody}`, '--regid', `${nobody}`, '--clear-groups'];
  const { stdout } = await promisify(execFile)('setpriv', [...args, ...node, makingHome, temp], {
    env,
  });
  return told(stdout);
}

/** Makes a home below a tmpfs that only that process sees, and writes a file of so many bytes. */
export async function homeOnTmpfs(
  mount: string,
  { options, bytes = 0 }: { readonly options: string; readonly bytes?: number },
): Promise<Told> {
  const shell = `mount -t tmpfs -o ${options} tmpfs "$1" && exec "$2" "$3" "$4" "$5" "$1" "$6"`;
  const args = ['--mount', 'sh', '-c', shell, 'sh', mount, ...node, makingHome, `${bytes || ''}`];
  return told((await promisify(execFile)('unshare', args, { env })).stdout);
}

function told(stdout: string): Told {
  const json: unknown = JSON.parse(stdout);
  if (isTold(json)) return json;
  throw new TypeError(`unexpected: ${stdout}`);
}

function isTold(json: unknown): json is Told {
  return typeof json === 'object' && json !== null && 'said' in json;
}
