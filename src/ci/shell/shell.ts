import { readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import type { Environment } from '../port.ts';
import type { TextSystem } from './text-system.ts';
import { shellWords } from './words.ts';

/**
 * A plain shell, and systems without a port of their own: the job is the shell that runs the commands,
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
    temp: env['TMPDIR'] || tmpdir(),
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
  return job === undefined ? `shell ${process.ppid} ${startOf(process.ppid)}` : `job ${job}`;
}

/** Returns the start time of a process, because ids are reused; empty if there is no /proc (proc(5)). */
function startOf(pid: number): string {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return text.slice(text.lastIndexOf(')') + 2).split(' ')[19] ?? '';
  } catch {
    return '';
  }
}
