import { randomBytes } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import type { Directories, Environment, JobFacts } from '../port.ts';
import type { TextSystem } from '../shell/text-system.ts';
import { gitlabWords } from './words.ts';

/**
 * GitLab CI/CD. It has no annotations, no job summary and no masking at run time, so values that are not in
 * the settings of the project must never be printed.
 */
export const gitlab: TextSystem = {
  name: 'gitlab',
  detect: (env) => env['GITLAB_CI'] === 'true',
  job: jobFacts,
  directories: directoriesOf,
  autoJoin: {
    methods: ['gitlab'],
    obtain: {
      what: 'This job has no OIDC token (TBOT_GITLAB_JWT is not set), so it cannot join.',
      fix: 'Add the lines below to the job, with the name of the Teleport cluster.',
      notes: [
        'GitLab 15.7 or newer issues OIDC tokens.',
        'If the token is in another variable, set `onboarding` to `gitlab: { token_env_var_name: VARIABLE }`.',
      ],
      paste: 'id_tokens:\n  TBOT_GITLAB_JWT:\n    aud: CLUSTER-NAME # `tctl status` shows the name',
    },
  },
  words: gitlabWords,
  debugging: (env) => env['CI_DEBUG_TRACE'] === 'true',
  // Control characters, which a command requires, are already removed.
  inert: (text) => text.replaceAll(/section_(start|end):/g, 'section_$1 :'),
  group: (title, lines, { write }) => {
    const name = `machine_id_${randomBytes(4).toString('hex')}`;
    write(section('start', `${name}[collapsed=true]`) + title);
    for (const line of lines) write(line);
    write(section('end', name));
  },
};

/** A command for a section of the log (GitLab's documentation, "CI/CD job logs"). */
function section(end: 'start' | 'end', name: string): string {
  return `\u001b[0Ksection_${end}:${Math.floor(Date.now() / 1000)}:${name}\r\u001b[0K`;
}

function jobFacts(env: Environment): JobFacts {
  const source = env['CI_MERGE_REQUEST_SOURCE_PROJECT_ID'];
  return {
    // A retry has another id (GitLab's documentation, "Predefined CI/CD variables").
    key: `gitlab ${env['CI_SERVER_HOST'] ?? ''} ${env['CI_JOB_ID'] ?? ''}`,
    repository: env['CI_PROJECT_PATH'] || undefined,
    ref: env['CI_COMMIT_REF_NAME'] || undefined,
    eventName: env['CI_PIPELINE_SOURCE'] || undefined,
    fromFork: source ? source !== env['CI_MERGE_REQUEST_PROJECT_ID'] : false,
    publicRepository: env['CI_PROJECT_VISIBILITY'] !== 'private',
    enterpriseServer: undefined,
  };
}

/**
 * The folder beside the project, in which the runner keeps files of the job. No other job uses it at the same
 * time. Runners create it only if they need it.
 */
function directoriesOf(env: Environment): Directories {
  const workspace = env['CI_PROJECT_DIR'] || undefined;
  const temp = workspace === undefined ? undefined : folder(`${workspace}.tmp`);
  return {
    ...(temp === undefined ? { temp: tmpdir(), tempIsShared: true } : { temp }),
    workspace,
    toolCache: undefined,
  };
}

/** Returns the path of a folder, which is created unless it exists; undefined if that is not possible. */
function folder(path: string): string | undefined {
  try {
    mkdirSync(path, { recursive: true, mode: 0o700 });
    return path;
  } catch {
    return undefined;
  }
}
