import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Secret } from '../../testbed/issued.ts';
import type { JobEnd, StepResult } from '../../testbed/runner/runner.ts';

/** A line of the recorder. */
type Recorded =
  | { readonly kind: 'process'; readonly argv: readonly string[]; readonly env: readonly string[] }
  | { readonly kind: 'start'; readonly argv: readonly string[]; readonly env: readonly string[] }
  | { readonly kind: 'write'; readonly path: string; readonly data: string }
  | { readonly kind: 'open'; readonly path: string };

/** Contents by path. */
type Files = ReadonlyMap<string, string>;

/** All that is known of a job. */
export interface Sheet {
  readonly step: StepResult;
  readonly end: JobEnd;
  readonly temp: string;
  /** Paths and contents after main, and after post. */
  readonly files: { readonly main: Files; readonly post: Files };
  readonly action: readonly Recorded[];
  readonly tbot: readonly Recorded[];
  readonly requests: readonly string[];
  readonly issued: readonly Secret[];
}

/** A text that left the action's process. */
export interface Channel {
  readonly name:
    | 'log'
    | 'annotations'
    | 'summary'
    | 'values'
    | 'arguments'
    | 'environment'
    | 'files'
    | 'file names'
    | 'requests';
  readonly where: string;
  readonly text: string;
}

/**
 * The variables that carry a join method's proof to tbot (docs/joining.md), and those of an HTTP proxy,
 * which may have a password (docs/support.md). Only these, and only for `tbot start`.
 */
const passedOn: ReadonlySet<string> = new Set([
  'ACTIONS_ID_TOKEN_REQUEST_TOKEN',
  'AWS_ACCESS_KEY_ID',
  'AWS_SECRET_ACCESS_KEY',
  'AWS_SESSION_TOKEN',
  'AWS_CONTAINER_AUTHORIZATION_TOKEN',
  'CIRCLE_OIDC_TOKEN',
  'TBOT_GITLAB_JWT',
  'GITLAB_PROOF',
  'SPACELIFT_OIDC_TOKEN',
  'TFC_WORKLOAD_IDENTITY_TOKEN',
  'TFC_WORKLOAD_IDENTITY_TOKEN_CI',
  'SYSTEM_ACCESSTOKEN',
  'BITBUCKET_STEP_OIDC_TOKEN',
  'ENV0_OIDC_TOKEN',
  'TBOT_BOUND_KEYPAIR_STATIC_KEY',
  'TBOT_REGISTRATION_SECRET',
  'GENERIC_PROOF',
  ...['HTTP_PROXY', 'HTTPS_PROXY', 'ALL_PROXY'].flatMap((name) => [name, name.toLowerCase()]),
]);

/** Every text that left the action's process during the job, but for what it keeps in its private directory. */
export function channelsOf(sheet: Sheet): readonly Channel[] {
  const { step, end, temp } = sheet;
  const isPrivate = (path: string): boolean =>
    /^\/machine-id-[\da-f]+\//.test(path.replace(temp, ''));
  return [
    ...stepChannels(step, withoutHeader(step.log)),
    ...end.posts.flatMap((post) => stepChannels(post, post.log)),
    ...sheet.action.flatMap((entry) => recordedChannels(entry, isPrivate)),
    ...[...sheet.files.main]
      .filter(([path]) => !isPrivate(path))
      .concat([...sheet.files.post])
      .flatMap(([path, text]) => fileChannels(path, text)),
    ...sheet.requests.map((text) => ({ name: 'requests' as const, where: 'request', text })),
  ];
}

function stepChannels(step: StepResult, log: string): readonly Channel[] {
  const { outputs, exportedEnv, state, addedPath } = step;
  return [
    { name: 'log', where: 'log', text: log },
    ...step.annotations.flatMap(({ title = '', message }) => [
      { name: 'annotations' as const, where: 'annotation', text: `${title}\n${message}` },
    ]),
    { name: 'summary', where: 'summary', text: step.summary },
    ...[outputs, exportedEnv, state, { GITHUB_PATH: addedPath.join('\n') }]
      .flatMap((values) => Object.entries<string>(values))
      .map(([where, text]) => ({ name: 'values' as const, where, text })),
  ];
}

/** The runner itself prints the inputs, before the action can mask any. */
function withoutHeader(log: string): string {
  const end = '##[endgroup]';
  return log.slice(log.indexOf(end) + end.length);
}

function recordedChannels(
  entry: Recorded,
  isPrivate: (path: string) => boolean,
): readonly Channel[] {
  switch (entry.kind) {
    case 'start':
      return startChannels(entry.argv, entry.env);
    case 'write':
      // What is written to a pipe is in the log, and the runner masks a summary when it reads the file.
      return isPrivate(entry.path) || /^(?:pipe|socket):|\/step_summary_/.test(entry.path)
        ? []
        : fileChannels(entry.path, entry.data);
    case 'open':
      return fileChannels(entry.path, '');
    case 'process':
      return [];
    default:
      return entry satisfies never;
  }
}

function startChannels(argv: readonly string[], env: readonly string[]): readonly Channel[] {
  const isJoin = argv[2] === 'start';
  return [
    ...argv.map((text) => ({ name: 'arguments' as const, where: argv[0] ?? '', text })),
    ...env
      .filter((pair) => !(isJoin && passedOn.has(pair.split('=', 1)[0] ?? '')))
      .map((text) => ({ name: 'environment' as const, where: argv[0] ?? '', text })),
  ];
}

function fileChannels(path: string, text: string): readonly Channel[] {
  return [
    { name: 'file names', where: path, text: path },
    ...(text === '' ? [] : [{ name: 'files' as const, where: path, text }]),
  ];
}

async function contentOf(path: string): Promise<readonly [string, string]> {
  return [path, await readFile(path, 'latin1')];
}

/** Every file below the folder with its content. */
export async function snapshot(root: string): Promise<Files> {
  const entries = await readdir(root, { recursive: true, withFileTypes: true });
  const paths = entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
  return new Map([
    ...(await Promise.all(paths.map(contentOf))),
    ...entries
      .filter((entry) => !entry.isFile())
      .map((entry) => [join(entry.parentPath, entry.name), ''] as const),
  ]);
}
