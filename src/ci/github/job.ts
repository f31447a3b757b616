import type { Environment } from '../port.ts';
import { property } from '../../text/json.ts';

/** What is known of the job without asking anybody. */
export interface JobFacts {
  /** `push`, `pull_request` ...; undefined where the runner names none. */
  readonly eventName: string | undefined;
  /** The event is a pull request whose branch lies in another repository. */
  readonly fromFork: boolean;
  /** Everybody can read the log: the repository is public, or nothing says that it is not. */
  readonly publicRepository: boolean;
  /** Host name of the GitHub Enterprise Server; undefined on github.com and *.ghe.com. */
  readonly enterpriseServer: string | undefined;
}

/** Events that run a job for a pull request without the rights of the base repository. */
const pullRequestEvents: ReadonlySet<string> = new Set([
  'pull_request',
  'pull_request_review',
  'pull_request_review_comment',
]);

/**
 * Reads the job out of the runner's environment and its event, the parsed JSON of
 * GITHUB_EVENT_PATH ("Webhook events and payloads", GitHub's documentation).
 */
export function jobFacts(env: Environment, event?: unknown): JobFacts {
  const eventName = env['GITHUB_EVENT_NAME'] || undefined;
  return {
    eventName,
    fromFork: pullRequestEvents.has(eventName ?? '') && headLiesElsewhere(event),
    publicRepository: !saysPrivate(property(event, 'repository')),
    enterpriseServer: enterpriseServer(env['GITHUB_SERVER_URL']),
  };
}

/** The head's repository is null when the fork was deleted. */
function headLiesElsewhere(event: unknown): boolean {
  const pullRequest = property(event, 'pull_request');
  const base = property(property(property(pullRequest, 'base'), 'repo'), 'full_name');
  const head = property(property(property(pullRequest, 'head'), 'repo'), 'full_name');
  return base !== undefined && head !== base;
}

function saysPrivate(repository: unknown): boolean {
  const visibility = property(repository, 'visibility');
  if (visibility !== undefined) return visibility === 'private' || visibility === 'internal';
  return property(repository, 'private') === true;
}

function enterpriseServer(url: string | undefined): string | undefined {
  if (!url || !URL.canParse(url)) return undefined;
  const { hostname } = new URL(url);
  return hostname === 'github.com' || hostname.endsWith('.ghe.com') ? undefined : hostname;
}
