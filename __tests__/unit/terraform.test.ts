import { describe, expect, it } from 'vitest';
import type { GithubRule } from '../../testbed/teleport/resources.ts';
import { githubAllowed } from '../../testbed/teleport/rules.ts';
import { resourcesOf } from '../terraform.ts';

const resources = resourcesOf('docs/terraform.md');

/** Returns the allow rules of a join token for GitHub. */
function rulesOf(name: string): readonly GithubRule[] {
  const token = resources.find(({ kind, metadata }) => kind === 'token' && metadata.name === name);
  return JSON.parse(JSON.stringify(Object(token?.spec['github']).allow));
}

const claims = { repository_owner: 'acme', ref_type: 'branch', workflow: 'deploy' };
const main = { ...claims, ref: 'refs/heads/main' };
const pull = { ...claims, ref: 'refs/pull/7/merge', sub: 'repo:acme/web:pull_request' };
const sub = 'job_workflow_ref:acme/workflows/.github/workflows/deploy.yml@refs/heads/main';

/** Jobs, with the join tokens of the page that permit them. */
const jobs: readonly (readonly [string, Readonly<Record<string, string>>, readonly string[]])[] = [
  [
    'main of acme/web',
    { ...main, repository: 'acme/web', sub: 'repo:acme/web:ref:refs/heads/main' },
    ['example-bot', 'example-bot-acme', 'example-bot-repositories', 'web-github'],
  ],
  [
    'main of acme/api',
    { ...main, repository: 'acme/api', sub: 'repo:acme/api:ref:refs/heads/main' },
    ['example-bot-acme', 'example-bot-repositories', 'api-github'],
  ],
  ['a pull request of acme/web', { ...pull, repository: 'acme/web' }, ['example-bot-acme']],
  ['any repository of the owner', { ...pull, repository: 'acme/new' }, ['example-bot-acme']],
  [
    'a caller of the reusable workflow',
    { ...pull, repository: 'acme/new', sub },
    ['example-bot-acme', 'example-bot-workflow'],
  ],
  [
    'another owner with the same names',
    { ...main, repository_owner: 'other', repository: 'other/web', sub },
    [],
  ],
];

describe('the join tokens of docs/terraform.md', () => {
  const names = resources.flatMap(({ kind, metadata, spec }) =>
    kind === 'token' && spec['join_method'] === 'github' ? [metadata.name] : [],
  );

  it.each(jobs)('permit a job of %s as the page describes', (_, job, expected) => {
    for (const matching of ['exact', 'glob'] as const)
      expect(names.filter((name) => githubAllowed(rulesOf(name), job, matching))).toEqual(expected);
  });

  it('are for bots of the page', () => {
    const bots = resources
      .filter(({ kind }) => kind === 'bot')
      .map(({ metadata }) => metadata.name);
    const used = resources.flatMap(({ spec }) => spec['bot_name'] ?? []);
    expect(new Set(used)).toEqual(new Set(bots));
  });
});
