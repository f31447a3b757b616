import { readFileSync } from 'node:fs';
import type { Directories, Environment, JobFacts } from '../port.ts';
import { parseJson, property } from '../../text/json.ts';

/** Events that run a job for a pull request without the rights of the base repository. */
const pullRequestEvents: ReadonlySet<string> = new Set([
  'pull_request',
  'pull_request_review',
  'pull_request_review_comment',
]);

/** RUNNER_TRACKING_ID alone is unique, but is not always set. */
const keyVariables = [
  'GITHUB_REPOSITORY',
  'GITHUB_RUN_ID',
  'GITHUB_RUN_ATTEMPT',
  'GITHUB_JOB',
  'RUNNER_TRACKING_ID',
];

/**
 * Returns the facts about the job in the runner's variables and in its event ("Webhook events and
 * payloads" in GitHub's documentation). The event is read once, by the first fact that needs it.
 */
export function jobFacts(env: Environment): JobFacts {
  let event: { readonly content: unknown } | undefined;
  const eventContent = (): unknown =>
    (event ??= { content: eventIn(env['GITHUB_EVENT_PATH']) }).content;
  const eventName = env['GITHUB_EVENT_NAME'] || undefined;
  return {
    key: keyVariables.map((name) => env[name] ?? '').join(' '),
    repository: env['GITHUB_REPOSITORY'] || undefined,
    ref: env['GITHUB_REF'] || undefined,
    eventName,
    get fromFork() {
      return pullRequestEvents.has(eventName ?? '') && isHeadElsewhere(eventContent());
    },
    get publicRepository() {
      return !isPrivate(property(eventContent(), 'repository'));
    },
    enterpriseServer: enterpriseServer(env['GITHUB_SERVER_URL']),
  };
}

export function directoriesOf(env: Environment): Directories {
  return {
    temp: env['RUNNER_TEMP'] || undefined,
    workspace: env['GITHUB_WORKSPACE'] || undefined,
    toolCache: env['RUNNER_TOOL_CACHE'] || undefined,
  };
}

/** Returns undefined for an event that cannot be read or is not JSON. */
function eventIn(path: string | undefined): unknown {
  if (!path) return undefined;
  try {
    return parseJson(readFileSync(path, 'utf8'));
  } catch {
    return undefined;
  }
}

/** The head's repository is null if the fork was deleted. */
function isHeadElsewhere(event: unknown): boolean {
  const pullRequest = property(event, 'pull_request');
  const base = property(property(property(pullRequest, 'base'), 'repo'), 'full_name');
  const head = property(property(property(pullRequest, 'head'), 'repo'), 'full_name');
  return base !== undefined && head !== base;
}

function isPrivate(repository: unknown): boolean {
  const visibility = property(repository, 'visibility');
  if (visibility !== undefined) return visibility === 'private' || visibility === 'internal';
  return property(repository, 'private') === true;
}

function enterpriseServer(url: string | undefined): string | undefined {
  if (!url || !URL.canParse(url)) return undefined;
  const { hostname } = new URL(url);
  return hostname === 'github.com' || hostname.endsWith('.ghe.com') ? undefined : hostname;
}
