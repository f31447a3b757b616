import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { githubActions } from '../../src/ci/github/github-actions.ts';
import type { Environment, JobFacts } from '../../src/ci/port.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'event-'));
});
afterAll(async () => await rm(folder, { recursive: true }));

/** Facts about a job with this content in its event file; undefined for no file. */
async function factsOf(env: Environment, event?: unknown): Promise<JobFacts> {
  const path = join(folder, `${crypto.randomUUID()}.json`);
  if (event !== undefined)
    await writeFile(path, typeof event === 'string' ? event : JSON.stringify(event));
  return githubActions({ ...env, GITHUB_EVENT_PATH: path }).job;
}

const pullRequest = (head: string | null) => ({
  pull_request: {
    base: { repo: { full_name: 'acme/web' } },
    head: { repo: head === null ? null : { full_name: head } },
  },
});

describe('facts about the job', () => {
  it.each<[string, string | undefined, unknown, boolean]>([
    ['a push', 'push', {}, false],
    ['a branch of the same repository', 'pull_request', pullRequest('acme/web'), false],
    ['a branch of a fork', 'pull_request', pullRequest('mallory/web'), true],
    ['a deleted fork', 'pull_request', pullRequest(null), true],
    ['no event', 'pull_request', undefined, false],
    ['the permissions of the base', 'pull_request_target', pullRequest('mallory/web'), false],
    ['no event name', undefined, pullRequest('mallory/web'), false],
  ])('from a fork: %s', async (_, eventName, event, fromFork) => {
    const facts = await factsOf({ GITHUB_EVENT_NAME: eventName }, event);
    expect(facts).toMatchObject({ eventName, fromFork });
  });

  it.each<[unknown, boolean]>([
    [{ repository: { visibility: 'public', private: false } }, true],
    [{ repository: { visibility: 'private', private: true } }, false],
    [{ repository: { visibility: 'internal', private: true } }, false],
    [{ repository: { private: true } }, false],
    [{ repository: { private: false } }, true],
    [{ repository: { visibility: 'something new', private: true } }, true],
    [{}, true],
    [undefined, true],
    ['{"repository":', true],
    ['"text"', true],
  ])('public unless the event names a private repository: %j', async (event, publicRepository) => {
    expect((await factsOf({}, event)).publicRepository).toBe(publicRepository);
  });

  it('public without an event file', () => {
    expect(githubActions({}).job.publicRepository).toBe(true);
  });

  it('reads the event once, by the first fact that needs it', async () => {
    const path = join(folder, 'once.json');
    const { job } = githubActions({
      GITHUB_EVENT_PATH: path,
      GITHUB_EVENT_NAME: 'pull_request',
      GITHUB_REPOSITORY: 'acme/web',
      GITHUB_REF: 'refs/pull/7/merge',
    });
    expect(job).toMatchObject({ repository: 'acme/web', ref: 'refs/pull/7/merge' });
    await writeFile(path, JSON.stringify(pullRequest('mallory/web')));
    expect(job.fromFork).toBe(true);
    await rm(path);
    expect(job.fromFork).toBe(true);
  });

  it.each([
    ['https://github.com', undefined],
    ['https://acme.ghe.com', undefined],
    ['https://git.example.com', 'git.example.com'],
    ['nonsense', undefined],
    [undefined, undefined],
  ])('enterprise server of %s', (url, enterpriseServer) => {
    expect(githubActions({ GITHUB_SERVER_URL: url }).job.enterpriseServer).toBe(enterpriseServer);
  });
});

describe('the key of the job', () => {
  const variables = {
    GITHUB_REPOSITORY: 'acme/web',
    GITHUB_RUN_ID: '17',
    GITHUB_RUN_ATTEMPT: '1',
    GITHUB_JOB: 'build',
    RUNNER_TRACKING_ID: 'github_1',
  };
  const keyOf = (changes: Environment): string =>
    githubActions({ ...variables, ...changes }).job.key;

  it.each(Object.keys(variables))('differs with another %s', (name) => {
    expect(keyOf({ [name]: 'other' })).not.toBe(keyOf({}));
  });

  it('is the same for every step of a job', () => {
    expect(keyOf({ GITHUB_ACTION: '__run_2', GITHUB_STEP_SUMMARY: 'x' })).toBe(keyOf({}));
  });
});

it('returns undefined for directories that the runner does not set', () => {
  expect(githubActions({ RUNNER_TEMP: '/t', GITHUB_WORKSPACE: '' }).directories).toEqual({
    temp: '/t',
    workspace: undefined,
    toolCache: undefined,
  });
});

describe('links', () => {
  const env = {
    GITHUB_ACTION_REPOSITORY: 'acme/machine-id-action',
    GITHUB_ACTION_REF: 'release/v1',
  };
  const program = '/runner/_work/_actions/acme/machine-id-action/release/v1/dist/main.js';
  const linksWith = (changes: Environment, path = program): readonly unknown[] => {
    const ci = githubActions({ ...env, ...changes }, path);
    return [ci.documentationUrl('docs/problems.md', 'ttl'), ci.issuesUrl];
  };

  it.each<[string, Environment, string]>([
    ['github.com', {}, 'https://github.com'],
    ['another server', { GITHUB_SERVER_URL: 'https://ghe.example' }, 'https://ghe.example'],
  ])('lead to the release in use on %s', (_, changes, server) => {
    const repository = `${server}/acme/machine-id-action`;
    expect(linksWith(changes)).toEqual([
      `${repository}/blob/release/v1/docs/problems.md#ttl`,
      `${repository}/issues`,
    ]);
  });

  it('support paths of Windows', () => {
    const [url] = linksWith({}, program.replaceAll('/', '\\'));
    expect(url).toMatch(/^https:/);
  });

  it.each<[string, Environment, string]>([
    ['`uses: ./`', { GITHUB_ACTION_REPOSITORY: '', GITHUB_ACTION_REF: '' }, program],
    ['no ref', { GITHUB_ACTION_REF: '' }, program],
    ['a wrapping composite action', { GITHUB_ACTION_REPOSITORY: 'acme/deploy' }, program],
    ['the ref of a wrapping composite action', { GITHUB_ACTION_REF: 'v3' }, program],
    [
      'a local copy in a wrapping action',
      {},
      '/runner/_work/web/web/machine-id-action/dist/main.js',
    ],
  ])('are undefined for %s', (_, changes, path) => {
    expect(linksWith(changes, path)).toEqual([undefined, undefined]);
  });

  it('are undefined for another program', () => {
    const ci = githubActions(env);
    expect([ci.documentationUrl('docs/problems.md', 'ttl'), ci.issuesUrl]).toEqual([
      undefined,
      undefined,
    ]);
  });
});
