import { execFile } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { stringify } from 'yaml';
import { reference } from '../../docs/generate/reference.ts';
import type { Testbed } from '../../testbed/testbed.ts';
import { programPath } from '../requirements.ts';

const execute = promisify(execFile);
const root = new URL('../..', import.meta.url).pathname;

/** A job that calls a reusable workflow. */
export interface Call {
  /** Name of the file, without `.yml`. */
  readonly workflow: string;
  readonly with: Readonly<Record<string, string | number | boolean>>;
}

/** What a caller sees of a called workflow. */
export interface CallResult {
  readonly result: string;
  readonly outputs: Readonly<Record<string, string>>;
  /** The log, without the names of jobs. */
  readonly log: string;
}

/** Calls reusable workflows in one run of act, in a temporary repository with these files. */
export async function callWorkflows(
  testbed: Testbed,
  calls: Readonly<Record<string, Call>>,
  repository: Readonly<Record<string, string>>,
): Promise<Readonly<Record<string, CallResult>>> {
  const folder = mkdtempSync(join(tmpdir(), 'reusable-'));
  try {
    const [caller, action] = [join(folder, 'web'), join(folder, 'action')];
    copyAction(action);
    await createRepository(caller, repository, calls);
    const log = await runAct(testbed, { folder, caller, action });
    return resultsIn(log, Object.keys(calls));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Copies what GitHub would download, but not the folders that only development needs. */
function copyAction(action: string): void {
  for (const name of ['action.yml', 'dist', 'scrub'])
    cpSync(join(root, name), join(action, name), { recursive: true });
}

async function createRepository(
  caller: string,
  repository: Readonly<Record<string, string>>,
  calls: Readonly<Record<string, Call>>,
): Promise<void> {
  const workflows = join(caller, '.github/workflows');
  cpSync(join(root, '.github/workflows'), workflows, { recursive: true });
  writeFileSync(join(workflows, 'caller.yml'), callerOf(calls));
  for (const [path, content] of Object.entries(repository)) {
    mkdirSync(dirname(join(caller, path)), { recursive: true });
    writeFileSync(join(caller, path), content);
  }
  const author = ['-c', 'user.name=octocat', '-c', 'user.email=octocat@example.com'];
  const git = async (...words: string[]) => await execute('git', ['-C', caller, ...words]);
  await git('init', '--quiet', '--initial-branch', 'main');
  await git('remote', 'add', 'origin', 'https://github.com/acme/web.git');
  await git('add', '--all');
  await git(...author, 'commit', '--quiet', '--message', 'Call workflows');
}

function callerOf(calls: Readonly<Record<string, Call>>): string {
  const permissions = { 'id-token': 'write', contents: 'read' };
  const jobs = Object.entries(calls).map(([name, call]) => [
    name,
    { permissions, uses: `./.github/workflows/${call.workflow}.yml`, with: call.with },
  ]);
  const report = {
    needs: Object.keys(calls),
    if: 'always()',
    'runs-on': 'ubuntu-latest',
    steps: [{ run: 'echo "$NEEDS"', env: { NEEDS: '${{ toJSON(needs) }}' } }],
  };
  return stringify({ on: 'push', permissions: {}, jobs: { ...Object.fromEntries(jobs), report } });
}

async function runAct(
  testbed: Testbed,
  { folder, caller, action }: { folder: string; caller: string; action: string },
): Promise<string> {
  const tbot = dirname(await testbed.tbot());
  const environment = Object.entries(testbed.github.environment);
  const words = [
    ['push', '-W', '.github/workflows/caller.yml'],
    ['-P', 'ubuntu-latest=-self-hosted', '-P', 'self-hosted=-self-hosted'],
    [
      '--no-cache-server',
      '--artifact-server-addr',
      '127.0.0.1',
      '--cache-server-addr',
      '127.0.0.1',
    ],
    ['--local-repository', `${reference}=${action}`],
    ...environment.map(([name, value]) => ['--env', `${name}=${value}`]),
    // A proxy that does not exist: requests to a tunnel must not use it.
    ['--env', 'http_proxy=http://127.0.0.1:9'],
  ];
  const PATH = [tbot, dirname(process.execPath), process.env['PATH']].join(delimiter);
  const env = { ...process.env, PATH, XDG_CACHE_HOME: join(folder, 'cache') };
  const options = { cwd: caller, env, maxBuffer: 1 << 26, timeout: 240_000 };
  // act fails because some calls fail.
  const run = execute(programPath('act'), words.flat(), options);
  return await run.then(
    ({ stdout }) => stdout,
    (error: { stdout?: string }) => error.stdout ?? '',
  );
}

function resultsIn(log: string, names: readonly string[]): Readonly<Record<string, CallResult>> {
  const lines = log.split('\n').flatMap((line) => {
    const [, job = '', text = ''] = /^\[([^\]]+)\] ?(.*)$/.exec(line) ?? [];
    return job === '' ? [] : [{ job: job.trim(), text: text.replace(/^ {2}\| ?/, '') }];
  });
  const report = lines.filter(({ job }) => job === 'caller.yml/report').map(({ text }) => text);
  const json = report.join('\n').match(/^\{\n[^]*?^\}$/m)?.[0] ?? '{}';
  const reported: Record<string, Pick<CallResult, 'outputs'>> = JSON.parse(json);
  const results = names.map((name) => {
    const own = lines.filter(({ job }) => job.startsWith(`${name}/`)).map(({ text }) => text);
    const [, end = ''] = own.join('\n').match(/^🏁 +Job (\w+)$/mu) ?? [];
    if (end === '') throw new Error(`the call ${name} did not end:\n${log}`);
    const outputs = reported[name]?.outputs ?? outputsIn(own);
    const result = end === 'succeeded' ? 'success' : 'failure';
    return [name, { result, outputs, log: own.join('\n') }] as const;
  });
  return Object.fromEntries(results);
}

/** Returns the outputs of the steps. act runs no further job after a failed one. */
function outputsIn(lines: readonly string[]): Readonly<Record<string, string>> {
  const pairs = lines.flatMap((line) => {
    const [, name = '', value = ''] = /::set-output:: ([\w-]+)=(.*)$/.exec(line) ?? [];
    return name === '' ? [] : [[name, value] as const];
  });
  return Object.fromEntries(pairs);
}

/** Returns the command lines of processes that contain a text. */
export function processesWith(text: string): readonly string[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((pid) => {
      try {
        return [readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ')];
      } catch {
        return [];
      }
    })
    .filter((command) => command.includes(text));
}
