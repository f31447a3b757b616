import { randomBytes } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Directories, Environment } from '../port.ts';
import type { Annotation, Passed, SystemContext, TextSystem } from '../shell/text-system.ts';
import { loggingCommand, withoutCommands } from './command.ts';
import { azureWords, inCamelCase } from './words.ts';

/** A job of Azure Pipelines. The agent reads logging commands in both output streams of a task. */
export const azure: TextSystem = {
  name: 'azure-pipelines',
  detect: (env) => env['TF_BUILD'] !== undefined && env['AGENT_TEMPDIRECTORY'] !== undefined,
  job: (env) => ({
    key: `azure-pipelines ${keyVariables.map((name) => env[name] ?? '').join(' ')}`,
    repository: env['BUILD_REPOSITORY_NAME'] || undefined,
    ref: env['BUILD_SOURCEBRANCH'] || undefined,
    eventName: env['BUILD_REASON'] || undefined,
    fromFork: isTrue(env['SYSTEM_PULLREQUEST_ISFORK']),
    // No variable contains the visibility of the project.
    publicRepository: true,
    enterpriseServer: undefined,
  }),
  directories,
  autoJoin: {
    methods: ['azure_devops'],
    obtain: {
      what: 'SYSTEM_ACCESSTOKEN or SYSTEM_OIDCREQUESTURI is not set, so this task cannot request an OIDC token of the job.',
      fix: 'Add the `env` below to the task, which maps the access token of the job.',
      notes: [
        'Azure DevOps sets SYSTEM_OIDCREQUESTURI itself.',
        'On a machine with a managed identity, set `join-method` to `azure` instead.',
      ],
      paste: 'env:\n  SYSTEM_ACCESSTOKEN: $(System.AccessToken)',
    },
  },
  words: azureWords,
  debugging: (env) => isTrue(env['SYSTEM_DEBUG']),
  inert: withoutCommands,
  mask,
  group: (title, lines, { write }) => {
    write(`##[group]${title}`);
    for (const line of lines) write(line);
    write('##[endgroup]');
  },
  annotationsAreLogged: true,
  annotate,
  summary: async (markdown, context) => uploadSummary(markdown, context),
  pass,
  keepState: (name, value, { write }) =>
    write(loggingCommand('settaskvariable', { variable: `${statePrefix}${name}` }, value)),
  keptState: (name, env) => env[`VSTS_TASKVARIABLE_${statePrefix}${name}`.toUpperCase()],
};

/** The id of a job is the same in each run of its pipeline. */
const keyVariables = [
  'SYSTEM_COLLECTIONID',
  'SYSTEM_PLANID',
  'SYSTEM_JOBID',
  'SYSTEM_STAGEATTEMPT',
  'SYSTEM_JOBATTEMPT',
];

const statePrefix = 'machine_id_';

function isTrue(value: string | undefined): boolean {
  return value?.toLowerCase() === 'true';
}

function directories(env: Environment): Directories {
  return {
    temp: env['AGENT_TEMPDIRECTORY'] || undefined,
    workspace: env['BUILD_SOURCESDIRECTORY'] || env['SYSTEM_DEFAULTWORKINGDIRECTORY'] || undefined,
    toolCache: env['AGENT_TOOLSDIRECTORY'] || undefined,
  };
}

/** The agent accepts secrets of one line. */
function mask(secret: string, { write }: SystemContext): void {
  for (const line of new Set(secret.split(/[\r\n]+/)))
    if (line.trim() !== '') write(loggingCommand('setsecret', {}, line));
}

/** There are issues for errors and warnings only. The agent adds them to the log as well. */
function annotate({ level, title, text }: Annotation, { write }: SystemContext): void {
  const lines = `${title}: ${text}`;
  if (level === 'notice') for (const line of lines.split('\n')) write(line);
  else write(loggingCommand('logissue', { type: level }, lines));
}

/** The agent uploads the file after the command, and removes it with its temporary directory. */
function uploadSummary(markdown: string, { env, write }: SystemContext): void {
  const { temp } = directories(env);
  if (temp === undefined) return;
  const path = join(temp, `machine-id-summary-${randomBytes(8).toString('hex')}.md`);
  writeFileSync(path, markdown, { mode: 0o600, flag: 'wx' });
  write(loggingCommand('uploadsummary', {}, path));
}

function pass({ variables, path, outputs }: Passed, { write }: SystemContext): void {
  for (const [variable, value] of Object.entries(variables))
    write(loggingCommand('setvariable', { variable }, value));
  for (const [variable, value] of Object.entries(outputs))
    write(
      loggingCommand('setvariable', { variable: inCamelCase(variable), isOutput: 'true' }, value),
    );
  // The folder that is added last comes first.
  for (const folder of path.toReversed()) write(loggingCommand('prependpath', {}, folder));
}
