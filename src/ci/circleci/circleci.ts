import { appendFileSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Environment } from '../port.ts';
import type { Passed, SystemContext, TextSystem } from '../shell/text-system.ts';
import { shellWords } from '../shell/words.ts';

/** CircleCI, in a command of the orb in `circleci` or in a `run` step. Its log contains no commands. */
export const circleci: TextSystem = {
  name: 'circleci',
  detect: (env) => env['CIRCLECI'] === 'true',
  job: (env) => ({
    // The runs of a job with `parallelism` differ in the index only.
    key: `circleci ${env['CIRCLE_WORKFLOW_JOB_ID'] ?? ''} ${env['CIRCLE_NODE_INDEX'] ?? ''}`,
    repository: undefined,
    ref: undefined,
    eventName: undefined,
    fromFork: Boolean(env['CIRCLE_PR_USERNAME']),
    publicRepository: true,
    enterpriseServer: undefined,
  }),
  directories: (env) => ({
    // Jobs of self-hosted runners on one machine share it.
    temp: env['TMPDIR'] || tmpdir(),
    tempIsShared: true,
    workspace: workspaceOf(env),
    toolCache: undefined,
  }),
  autoJoin: {
    methods: ['circleci'],
    obtain: {
      what: 'This job has no OIDC token: CIRCLE_OIDC_TOKEN is not set, so it cannot join.',
      fix: 'Run the job in a workflow with a `context`, and pass CIRCLE_OIDC_TOKEN into containers that it starts.',
      notes: [
        'A pull request from a fork has an OIDC token only if the project passes secrets to builds of forks. Do not turn this on for a job that joins.',
      ],
      paste: 'workflows:\n  deploy:\n    jobs:\n      - deploy:\n          context: teleport',
    },
  },
  words: shellWords,
  pass,
};

/** The variable can begin with `~`, as `working_directory` does. */
function workspaceOf(env: Environment): string {
  const folder = env['CIRCLE_WORKING_DIRECTORY'] || process.cwd();
  return /^~(\/|$)/.test(folder) ? join(env['HOME'] || homedir(), folder.slice(1)) : folder;
}

/** Appends the variables to the file that bash reads before each later step. Throws the system's error. */
function pass({ variables, path, outputs }: Passed, { env, write }: SystemContext): void {
  const file = env['BASH_ENV'];
  if (!file) {
    write('warning: BASH_ENV is not set, so no variables are passed on to later steps.');
    return;
  }
  const all = [
    ...Object.entries(variables),
    ...Object.entries(outputs)
      .filter(([, value]) => value !== '')
      .map(([name, value]) => [variableOf(name), value] as const),
  ];
  const lines = [
    ...all.map(([name, value]) =>
      value === '' ? `unset ${name}` : `export ${name}=${quoted(value)}`,
    ),
    ...path.map((folder) => `export PATH=${quoted(folder)}"\${PATH:+:$PATH}"`),
  ];
  if (lines.length > 0) appendFileSync(file, `\n${lines.join('\n')}\n`, { mode: 0o600 });
}

function variableOf(output: string): string {
  return `MACHINE_ID_OUTPUT_${output.toUpperCase().replaceAll('-', '_')}`;
}

/** In single quotes, bash interprets nothing. */
function quoted(value: string): string {
  return `'${value.replaceAll("'", String.raw`'\''`)}'`;
}
