import { execFileSync } from 'node:child_process';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { needs } from '../requirements.ts';
import { cliFixture, type Finished } from './cli.fixture.ts';

const root = new URL('../..', import.meta.url).pathname;
const cli = cliFixture();

interface Run {
  readonly command: string;
  readonly shell?: string;
  readonly when?: string;
  readonly environment?: Readonly<Record<string, string>>;
}

interface Command {
  readonly parameters?: Readonly<Record<string, { readonly default?: string | boolean }>>;
  readonly steps: readonly { readonly run: Run }[];
}

type Parameters = Readonly<Record<string, string>>;

/** The variables of the job, which CircleCI sets for each step. */
let job: Readonly<Record<string, string>>;

beforeEach(async () => {
  const bashEnv = join(cli.folder, 'bash-env');
  await writeFile(bashEnv, '');
  job = {
    CIRCLECI: 'true',
    CIRCLE_WORKFLOW_JOB_ID: 'fe0c4b5e-9d7e-4b8a-9d53-0f6a6f8f2f11',
    CIRCLE_NODE_INDEX: '0',
    CIRCLE_WORKING_DIRECTORY: '~/project',
    BASH_ENV: bashEnv,
    HOME: cli.folder,
    PATH: `${dirname(process.execPath)}:/usr/bin:/bin`,
    // CircleCI passes no inputs; those of the testbed are parameters of the orb.
    MACHINE_ID_PROXY: '',
    MACHINE_ID_TOKEN: '',
    MACHINE_ID_EXTRA_CA_FILE: '',
  };
});

/** Runs a command of the orb: its `run` step, with the parameters in the environment. */
async function orb(name: string, parameters: Parameters = {}): Promise<Finished> {
  const { commands } = parse(await readFile(join(root, 'circleci/src/@orb.yml'), 'utf8'));
  const command: Command = commands[name];
  const [{ run } = { run: { command: '' } }] = command.steps;
  const defaults = Object.entries(command.parameters ?? {}).map(
    ([key, { default: value = '' }]) => [key, String(value)],
  );
  const values: Parameters = { ...Object.fromEntries(defaults), ...parameters };
  const environment = Object.entries(run.environment ?? {}).map(([key, value]) => [
    key,
    value.replace(
      /^<< parameters\.([a-z-]+) >>$/,
      (_, parameter: string) => values[parameter] ?? '',
    ),
  ]);
  expect(run.shell).toBe('bash -eo pipefail');
  return step(`set -eo pipefail\n${run.command}`, Object.fromEntries(environment));
}

async function step(script: string, env: Parameters = {}): Promise<Finished> {
  return cli.run(script, { shell: 'bash', env: { ...job, ...env } });
}

function joinParameters(): Parameters {
  return {
    proxy: cli.testbed.proxy.address,
    token: 'ci-github',
    'join-method': 'github',
    'extra-ca-file': cli.testbed.caFile,
  };
}

/** Creates a Git repository whose bundle is the source of this one. */
async function repository(): Promise<string> {
  const folder = join(cli.folder, 'repository');
  await mkdir(join(folder, 'dist'), { recursive: true });
  await writeFile(
    join(folder, 'dist/machine-id.js'),
    `import ${JSON.stringify(join(root, 'src/entry/machine-id.ts'))};\n`,
  );
  const git = (...args: readonly string[]): void =>
    void execFileSync('git', [
      '-C',
      folder,
      '-c',
      'user.name=a',
      '-c',
      'user.email=a@b.c',
      ...args,
    ]);
  git('init', '-q', '-b', 'v1');
  git('add', '.');
  git('commit', '-q', '-m', 'one');
  return folder;
}

describe("CircleCI's orb", () => {
  it('joins, passes variables on, and leaves nothing after a failure', needs('bash'), async () => {
    const joined = await orb('join', { ...joinParameters(), repository: await repository() });
    expect(joined.stderr).toContain(
      'Joined rig.example.com as bot `ci` with join method `github`.',
    );
    expect(joined).toMatchObject({ exit: 0, stdout: '' });
    const failed = await step(
      `test -s "$TELEPORT_IDENTITY_FILE" && echo "$MACHINE_ID_OUTPUT_CLUSTER"
      tbot version | cut -c 1-16
      exit 7`,
    );
    expect(failed).toMatchObject({ exit: 7, stdout: 'rig.example.com\nTeleport v18.2.4\n' });
    const scrubbed = await orb('scrub');
    expect(scrubbed).toMatchObject({ exit: 0, stdout: '' });
    expect(scrubbed.stderr).toContain('Removed 17 files and cleared TELEPORT_PROXY');
    expect(await cli.left()).toEqual([]);
    expect(await step('echo "<$TELEPORT_IDENTITY_FILE>"')).toMatchObject({ stdout: '<>\n' });
  });

  it('runs another program, and quotes hostile values', needs('bash'), async () => {
    const hostile = join(cli.folder, 'tmp', '$(touch a) `touch b` \' " ! \\ \n;touch c');
    await mkdir(hostile);
    job = { ...job, TMPDIR: hostile };
    const program = join(cli.folder, '../bin/machine-id');
    const joined = await orb('join', { ...joinParameters(), program });
    expect(joined).toMatchObject({ exit: 0 });
    const used = await step(
      'printf %s "$TELEPORT_IDENTITY_FILE"; test -s "$TELEPORT_IDENTITY_FILE"',
    );
    expect(used).toMatchObject({ exit: 0, stderr: '' });
    expect(used.stdout.startsWith(`${hostile}/machine-id-`)).toBe(true);
    await orb('scrub');
    expect(await cli.left()).toEqual([hostile.slice(cli.temp.length + 1)]);
    expect(await step('ls')).toMatchObject({ stdout: 'bash-env\ntmp\n' });
  });

  it(
    'removes what a failed join leaves, and does nothing without a join',
    needs('bash'),
    async () => {
      const program = join(cli.folder, '../bin/machine-id');
      const denied = await orb('join', { ...joinParameters(), token: 'other-repo', program });
      expect(denied.exit).toBe(1);
      expect(denied.stderr).toContain('error (claims-denied): Join token `other-repo` exists');
      expect(await orb('scrub')).toMatchObject({ exit: 0, stdout: '', stderr: '' });
      expect(await cli.left()).toEqual([]);
      await writeFile(job['BASH_ENV'] ?? '', '');
      expect(await orb('scrub')).toMatchObject({ exit: 0, stdout: '', stderr: '' });
    },
  );
});

function dryRunVariables(): Parameters {
  return {
    P: cli.testbed.proxy.address,
    CA: cli.testbed.caFile,
    PATH: `${join(cli.folder, '../bin')}:/usr/bin:/bin`,
  };
}

describe('a job of CircleCI', () => {
  const script = 'machine-id dry-run --proxy "$P" --token ci --extra-ca-file "$CA"';
  it('joins with its OIDC token', async () => {
    const { stderr } = await step(script, {
      ...dryRunVariables(),
      CIRCLE_OIDC_TOKEN: 'eyJhIjoxfQ.e30.x',
    });
    expect(stderr).toContain('with join method `circleci` and join token `ci`');
    expect(stderr).not.toContain('eyJhIjoxfQ');
  });

  it('explains how to get an OIDC token', async () => {
    const { exit, stderr } = await step(script.replace('dry-run', 'join'), dryRunVariables());
    expect(exit).toBe(1);
    expect(stderr).toContain('error (no-identity): This job has no OIDC token: CIRCLE_OIDC_TOKEN');
    expect(stderr).toContain('          context: teleport\n');
  });

  it('reports that bash reads no variables', async () => {
    const command = 'machine-id join --join-method github --tbot-path "$MACHINE_ID_TBOT_PATH"';
    const env = { ...dryRunVariables(), BASH_ENV: '', MACHINE_ID_TOKEN: 'ci-github' };
    const { exit, stderr } = await step(`${command} --proxy "$P" --extra-ca-file "$CA"`, env);
    expect(stderr).toContain('warning: BASH_ENV is not set, so no variables are passed on');
    expect(exit).toBe(0);
  });
});
