import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { resourcesOf } from '../action/resources.fixture.ts';
import { needs } from '../requirements.ts';
import { valuesOf } from '../structure/fences.ts';
import {
  commandsOf,
  fenceAfter,
  type Guide,
  openGuide,
  quoteAfter,
  settled,
  visible,
} from './guide.fixture.ts';

const page = 'docs/getting-started.md';
const shown = (words: string) => settled(fenceAfter(page, words));
const denial = 'and the step **Get Teleport credentials** fails:';

describe('docs/getting-started.md', () => {
  let guide: Guide;
  beforeAll(async () => {
    guide = await openGuide([page], userInfo().username);
  });
  afterAll(async () => await guide[Symbol.asyncDispose]());

  it('creates a role, a bot and a join token', () => {
    const { kinds, bots, tokens } = resourcesOf(page);
    expect(kinds).toEqual(['role v7', 'bot v1', 'token v2']);
    expect(bots).toEqual({ example: { roles: ['example-deploy'], logins: ['ubuntu'] } });
    expect(tokens['example-bot']?.bot).toBe('example');
  });

  it('shows what the first job prints', needs('ssh', 'sshd'), async () => {
    await using _node = await guide.startNode();
    const { steps, end } = await guide.play(workflowPushedTo('main'));
    const [credentials, ssh] = steps;
    const [post] = end.posts;
    expect(settled(visible(credentials?.log ?? ''))).toBe(
      shown('The step **Get Teleport credentials** prints:'),
    );
    expect(settled(visible(ssh?.log ?? ''))).toBe(
      shown('prints the output of `uptime` on the server:'),
    );
    expect(settled(visible(post?.log ?? ''))).toBe(shown('removes the credentials:'));
    expect(tableless(credentials?.summary ?? '')).toContain(
      tableless(quoteAfter(page, 'It contains:')),
    );
    expect(credentials?.summary).toContain('<summary>Duration: ');
    expect(end).toMatchObject({ leftInTemp: [], orphans: [] });
  });

  it('shows how a join is denied, and allows it with the rule from the message', async () => {
    const { claims } = guide.testbed.github;
    claims.ref = 'refs/heads/feature';
    const workflow = workflowPushedTo('feature');
    const denied = (await guide.play(workflow)).steps[0];
    expect(settled(visible(denied?.log ?? ''))).toBe(shown(denial));
    const { spec } = parse(fenceAfter(page, 'the allow rules are:'));
    const [, rule = ''] = /^(- repository:[^]*?)\n\n/m.exec(denied?.log ?? '') ?? [];
    expect(spec.github.allow).toEqual([expect.anything(), ...parse(rule)]);
    const { tokens } = guide.testbed.proxy;
    tokens['example-bot'] = { bot: 'example', joinMethod: 'github', allow: spec.github.allow };
    const [joined] = (await guide.play(workflow)).steps;
    expect([joined?.outcome, joined?.annotations]).toEqual(['success', []]);
  });

  it('runs only for `main` at the end', () => {
    const [trigger] = valuesOf(fenceAfter(page, 'change `on: push` to:'));
    expect(trigger).toEqual({ on: { push: { branches: ['main'] } } });
  });
});

/** Replaces times, and the spaces with which Prettier aligns tables. */
function tableless(markdown: string): string {
  return settled(markdown)
    .replaceAll(/ *\| */g, '|')
    .replaceAll(/-{3,}/g, '---');
}

/** Runs the commands of the page in an empty folder, and returns the workflow that was pushed. */
function workflowPushedTo(branch: 'main' | 'feature'): string {
  const folder = mkdtempSync(join(tmpdir(), 'getting-started-'));
  const git = (...args: readonly string[]) =>
    execFileSync('git', ['-C', join(folder, 'remote'), ...args], { encoding: 'utf8' });
  try {
    const [until = ''] = commandsOf(page).split('git switch main');
    execFileSync('bash', ['-ec', `git init -q --bare remote && ${until}`], {
      cwd: folder,
      env: gitEnvironment(folder),
      stdio: 'pipe',
    });
    expect(git('ls-tree', '-r', '--name-only', branch).trim().split('\n')).toEqual([
      '.github/workflows/deploy.yml',
      'teleport/bot-token.yaml',
      'teleport/bot.yaml',
      'teleport/role.yaml',
    ]);
    return git('show', `${branch}:.github/workflows/deploy.yml`);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Redirects the repository of the page to the folder `remote`. */
function gitEnvironment(folder: string): Readonly<Record<string, string>> {
  return {
    PATH: process.env['PATH'] ?? '',
    HOME: folder,
    GIT_AUTHOR_NAME: 'A',
    GIT_AUTHOR_EMAIL: 'a@example.com',
    GIT_COMMITTER_NAME: 'A',
    GIT_COMMITTER_EMAIL: 'a@example.com',
    GIT_CONFIG_COUNT: '1',
    GIT_CONFIG_KEY_0: `url.${join(folder, 'remote')}.insteadOf`,
    GIT_CONFIG_VALUE_0: 'https://github.com/acme/web.git',
  };
}
