import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, readdir, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, beforeEach } from 'vitest';
import type { Environment } from '../../src/ci/port.ts';
import { noFaults } from '../../testbed/faults.ts';
import { startTestbed, type Testbed } from '../../testbed/testbed.ts';

const entry = new URL('../../src/entry/machine-id.ts', import.meta.url).pathname;
const sources = `${process.execPath} ${entry}`;

/** The shells that run scripts, with their arguments before `-c`. */
export const shells = { bash: ['bash'], dash: ['dash'], busybox: ['busybox', 'sh'] } as const;

export type Shell = keyof typeof shells;

export interface Finished {
  /** The exit code, or the name of a signal. */
  readonly exit: number | string;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Running {
  readonly child: ChildProcess;
  readonly finished: Promise<Finished>;
}

export interface CliFixture {
  readonly testbed: Testbed;
  /** The folder of one test. */
  readonly folder: string;
  /** TMPDIR, a folder in `folder`. */
  readonly temp: string;
  /** Starts a script, in which `machine-id` is the command line, with variables for a join. */
  readonly start: (script: string, options?: ScriptOptions) => Running;
  /** Runs a script until it exits. */
  readonly run: (script: string, options?: ScriptOptions) => Promise<Finished>;
  /** Names of what is in TMPDIR. */
  readonly left: () => Promise<readonly string[]>;
}

export interface ScriptOptions {
  readonly shell?: Shell;
  readonly env?: Environment;
}

/** Starts one testbed for all tests of a file; each test has its own folder. `command` is what runs. */
export function cliFixture(command: string = sources): CliFixture {
  let testbed: Testbed;
  let root: string;
  let folder: string;
  let variables: Environment;
  beforeAll(async () => {
    testbed = await startTestbed();
    root = await realpath(await mkdtemp(join(tmpdir(), 'cli-')));
    const program = `#!/bin/sh\nexec ${command} "$@"\n`;
    await mkdir(join(root, 'bin'));
    await writeFile(join(root, 'bin/machine-id'), program, { mode: 0o755 });
    variables = await variablesFor(testbed, root);
  });
  afterAll(async () => {
    await testbed[Symbol.asyncDispose]();
    await rm(root, { recursive: true });
  });
  beforeEach(async () => {
    Object.assign(testbed.faults, noFaults());
    folder = await mkdtemp(join(root, 'test-'));
    await mkdir(join(folder, 'tmp'));
  });
  const start: CliFixture['start'] = (script, { shell = 'dash', env = {} } = {}) => {
    const [program, ...args] = shells[shell];
    const child = spawn(program, [...args, '-c', script], {
      cwd: folder,
      env: { ...variables, TMPDIR: join(folder, 'tmp'), ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    return { child, finished: finish(child) };
  };
  return {
    get testbed() {
      return testbed;
    },
    get folder() {
      return folder;
    },
    get temp() {
      return join(folder, 'tmp');
    },
    start,
    run: async (script, options) => start(script, options).finished,
    left: async () => readdir(join(folder, 'tmp')),
  };
}

async function variablesFor(testbed: Testbed, root: string): Promise<Environment> {
  return {
    PATH: `${root}/bin:/usr/bin:/bin`,
    NODE_NO_WARNINGS: '1',
    MACHINE_ID_PROXY: testbed.proxy.address,
    MACHINE_ID_TOKEN: 'ci-github',
    MACHINE_ID_EXTRA_CA_FILE: testbed.caFile,
    MACHINE_ID_TBOT_PATH: await testbed.tbot(),
    ...testbed.github.environment,
  };
}

async function finish(child: ChildProcess): Promise<Finished> {
  const { stdout, stderr } = child;
  if (!stdout || !stderr) throw new Error('the output of the script is not a pipe');
  const exited = once(child, 'close');
  const [out, err] = await Promise.all([text(stdout), text(stderr)]);
  await exited;
  return { exit: child.exitCode ?? child.signalCode ?? '', stdout: out, stderr: err };
}
