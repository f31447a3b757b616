import { randomBytes, randomUUID } from 'node:crypto';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

/** Properties of the event and the run. The defaults are a push to main of acme/web. */
export interface JobDescription {
  readonly repository?: string;
  readonly visibility?: 'public' | 'private' | 'internal';
  readonly ref?: string;
  readonly eventName?: string;
  readonly actor?: string;
  readonly workflow?: string;
  readonly runId?: string;
  /** `github-hosted` or `self-hosted`. */
  readonly runnerEnvironment?: 'github-hosted' | 'self-hosted';
}

/** The folders of a runner, as in the real one. */
export interface Folders {
  readonly root: string;
  readonly home: string;
  readonly temp: string;
  readonly toolCache: string;
  readonly workspace: string;
}

/** Where the folders are. */
export interface FolderOptions {
  /** Folder of the runner; a new temporary one when absent. */
  readonly root?: string;
  /** Folder of the tool cache, to share it between jobs. */
  readonly toolCache?: string;
  /** Leaves RUNNER_TEMP as an earlier job left it. */
  readonly keepTemp?: boolean;
}

/** Creates the folders and empties RUNNER_TEMP, which an earlier job may have left, as the runner does. */
export async function prepareFolders(
  { root, toolCache, keepTemp = false }: FolderOptions,
  repository: string,
): Promise<Folders> {
  const base = root ?? (await mkdtemp(join(tmpdir(), 'runner-')));
  const name = repository.split('/')[1] ?? repository;
  const folders = {
    root: base,
    home: join(base, 'home'),
    temp: join(base, '_work', '_temp'),
    toolCache: toolCache ?? join(base, '_work', '_tool'),
    workspace: join(base, '_work', name, name),
  };
  if (!keepTemp) await rm(folders.temp, { recursive: true, force: true });
  for (const folder of Object.values(folders)) await mkdir(folder, { recursive: true });
  return folders;
}

/** Writes the event's payload to GITHUB_EVENT_PATH, with the fields that actions use. */
export async function writeEvent(folders: Folders, job: JobDescription): Promise<string> {
  const repository = job.repository ?? 'acme/web';
  const visibility = job.visibility ?? 'private';
  const [owner = '', name = ''] = repository.split('/');
  const path = join(folders.temp, '_github_workflow', 'event.json');
  const event = {
    ref: job.ref ?? 'refs/heads/main',
    repository: {
      name,
      full_name: repository,
      owner: { login: owner },
      private: visibility !== 'public',
      visibility,
      default_branch: 'main',
    },
    sender: { login: job.actor ?? 'octocat' },
  };
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, JSON.stringify(event, undefined, 2));
  return path;
}

/** Variables that a step cannot change: the contexts `github` and `runner`. */
export function contextVariables(
  folders: Folders,
  job: JobDescription & { readonly arch: string },
  eventPath: string,
): Readonly<Record<string, string>> {
  const repository = job.repository ?? 'acme/web';
  const ref = job.ref ?? 'refs/heads/main';
  const workflow = job.workflow ?? 'deploy';
  return {
    GITHUB_ACTOR: job.actor ?? 'octocat',
    GITHUB_API_URL: 'https://api.github.com',
    GITHUB_BASE_REF: '',
    GITHUB_EVENT_NAME: job.eventName ?? 'push',
    GITHUB_EVENT_PATH: eventPath,
    GITHUB_GRAPHQL_URL: 'https://api.github.com/graphql',
    GITHUB_HEAD_REF: '',
    GITHUB_JOB: 'deploy',
    GITHUB_REF: ref,
    GITHUB_REF_NAME: ref.replace(/^refs\/(heads|tags|pull)\//, ''),
    GITHUB_REF_PROTECTED: 'true',
    GITHUB_REF_TYPE: ref.startsWith('refs/tags/') ? 'tag' : 'branch',
    GITHUB_REPOSITORY: repository,
    GITHUB_REPOSITORY_ID: '100200300',
    GITHUB_REPOSITORY_OWNER: repository.split('/')[0] ?? '',
    GITHUB_REPOSITORY_OWNER_ID: '400500',
    GITHUB_RETENTION_DAYS: '90',
    GITHUB_RUN_ATTEMPT: '1',
    GITHUB_RUN_ID: job.runId ?? '9000000001',
    GITHUB_RUN_NUMBER: '42',
    GITHUB_SERVER_URL: 'https://github.com',
    GITHUB_SHA: '6f3d1c0b9a8e7d6c5b4a39281706f5e4d3c2b1a0',
    GITHUB_TRIGGERING_ACTOR: job.actor ?? 'octocat',
    GITHUB_WORKFLOW: workflow,
    GITHUB_WORKFLOW_REF: `${repository}/.github/workflows/${workflow}.yml@${ref}`,
    GITHUB_WORKSPACE: folders.workspace,
    ...runnerContext(folders, job),
  };
}

function runnerContext(
  folders: Folders,
  job: JobDescription & { readonly arch: string },
): Readonly<Record<string, string>> {
  return {
    RUNNER_ARCH: job.arch === 'arm64' ? 'ARM64' : 'X64',
    RUNNER_ENVIRONMENT: job.runnerEnvironment ?? 'github-hosted',
    RUNNER_NAME: 'testbed runner',
    RUNNER_OS: 'Linux',
    RUNNER_TEMP: folders.temp,
    RUNNER_TOOL_CACHE: folders.toolCache,
    RUNNER_WORKSPACE: dirname(folders.workspace),
  };
}

/** Variables of the runner's process, which GITHUB_ENV and `env` of a step can change. */
export type MachineVariables = ReturnType<typeof machineVariables>;

/** Returns the variables, without those of the test. `node` is the path of the program. */
export function machineVariables(folders: Folders, node: string) {
  return {
    ACTIONS_RUNTIME_TOKEN: randomBytes(32).toString('base64url'),
    ACTIONS_RUNTIME_URL: 'https://pipelines.actions.example.com/',
    CI: 'true',
    GITHUB_ACTIONS: 'true',
    HOME: folders.home,
    LANG: 'C.UTF-8',
    PATH: [dirname(node), '/usr/local/bin', '/usr/bin', '/bin'].join(':'),
    RUNNER_TRACKING_ID: `github_${randomUUID()}`,
    USER: 'runner',
  } as const;
}
