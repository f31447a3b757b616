import { readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { resolve } from 'node:path';
import type { Environment } from '../port.ts';
import { savedState } from './saved-state.ts';
import type { TextSystem } from './text-system.ts';
import { shellWords } from './words.ts';

/**
 * A plain shell, and systems without a port of their own: the job is the script that runs the commands,
 * unless a variable names the job.
 */
export const shell: TextSystem = {
  name: 'shell',
  detect: () => true,
  job: (env) => ({
    key: jobKey(env),
    repository: undefined,
    ref: undefined,
    eventName: undefined,
    fromFork: false,
    publicRepository: true,
    enterpriseServer: undefined,
  }),
  directories: (env) => ({
    temp: tempOf(env),
    tempIsShared: true,
    workspace: process.cwd(),
    toolCache: undefined,
  }),
  autoJoin: {
    methods: [
      'github',
      'gitlab',
      'circleci',
      'azure_devops',
      'bitbucket',
      'spacelift',
      'terraform_cloud',
      'env0',
    ],
    obtain: {
      what: 'No variable contains an OIDC token of this job and `azure-client-id` is not set, so it cannot join.',
      fix: 'Set `join-method` to a method that this machine can join with.',
      notes: [
        'On a machine with a managed identity or an instance profile, set `join-method` to `azure`, `iam` or `gcp`.',
        'With an OIDC token in a variable, set `join-method: generic_oidc` and, in `onboarding`, `generic_oidc: { env: VARIABLE }`.',
      ],
    },
  },
  words: shellWords,
};

/** Variables of systems without a port of their own, each unique to a job. */
const jobVariables = ['BITBUCKET_STEP_UUID', 'BUILD_TAG'];

function jobKey(env: Environment): string {
  const job = jobVariables.map((name) => env[name]).find(Boolean);
  if (job !== undefined) return `job ${job}`;
  // A shell can replace itself with its last command, which then has its id.
  const own = keyOf(process.pid);
  return savedState(tempOf(env), own).exists() ? own : keyOf(scriptOf(process.ppid));
}

function tempOf(env: Environment): string {
  return resolve(env['TMPDIR'] || tmpdir());
}

/** Ids are reused, so the start time belongs to the key. */
function keyOf(pid: number): string {
  return `shell ${pid} ${statOf(pid).started ?? ''}`;
}

/**
 * Returns the shell of a script, from one of its subshells: a pipeline or `( )` runs in a copy of the shell
 * with the same command line. Returns the process itself on systems without /proc.
 */
function scriptOf(pid: number): number {
  const command = commandOf(pid);
  const parent = Number(statOf(pid).parent ?? 0);
  return command !== '' && parent > 1 && commandOf(parent) === command ? scriptOf(parent) : pid;
}

function commandOf(pid: number): string {
  return contentOf(`/proc/${pid}/cmdline`);
}

/** Returns fields 4 and 22 of /proc/<pid>/stat (proc(5)); the second field may contain spaces. */
function statOf(pid: number): { readonly parent?: string; readonly started?: string } {
  const text = contentOf(`/proc/${pid}/stat`);
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
  const [parent, started] = [fields[1], fields[19]];
  return parent === undefined || started === undefined ? {} : { parent, started };
}

function contentOf(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}
