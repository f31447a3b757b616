import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Problem, type ProblemText } from '../../src/problem.ts';
import { dryRunSummary, problemSummary, successSummary } from '../../src/publish/summary.ts';
import type { Outputs } from '../../src/publish/outputs.ts';

const text: ProblemText = { code: 'claims-denied', what: 'It failed.', fix: 'Fix `it`.' };
const link = 'https://github.com/acme/action/blob/v1/docs/problems.md#claims-denied';
const summary = (changes: Partial<ProblemText>): string =>
  problemSummary(new Problem({ ...text, ...changes }), link);

/** Markdown without its code spans. */
const withoutCode = (markdown: string): string => markdown.replaceAll(/`[^`]+`/g, '');

const outputs: Outputs = {
  'identity-file': '/temp/identity',
  'ssh-config': '',
  kubeconfig: '',
  'known-hosts': '',
  'certificate-file': '',
  'key-file': '/temp/key',
  'ca-file': '',
  'destination-dir': '',
  credentials: '{}',
  cluster: 'example.teleport.sh',
  proxy: 'example.teleport.sh:443',
  'join-method': 'github',
  bot: 'ci',
  'bot-instance-id': '',
  roles: '["access"]',
  'expires-at': '2026-11-21T02:53:47Z',
  'ca-bundle': '',
  'tbot-version': '18.2.4',
  'tbot-path': '/opt/tbot',
  'tbot-source': 'archive',
};

describe('problemSummary', () => {
  it('contains errors, fix, notes, the text to paste and facts', () => {
    const facts = { title: 'Claims:', lines: ['ref: refs/heads/main'] };
    const notes = ['First.', 'Second.'];
    expect(summary({ errors: ['a', 'b'], notes, facts, paste: 'allow:\n  - ref: x' })).toBe(
      [
        '### Teleport credentials failed: `claims-denied`',
        '',
        'It failed.',
        '',
        '- a',
        '- b',
        '',
        'Fix `it`.',
        '',
        '- First.',
        '- Second.',
        '',
        '```yaml',
        'allow:',
        '  - ref: x',
        '```',
        '',
        'Claims:',
        '',
        '```text',
        'ref: refs/heads/main',
        '```',
        '',
        `[More about \`claims-denied\`](${link})`,
        '',
      ].join('\n'),
    );
  });

  it('omits empty parts', () => {
    expect(summary({})).not.toContain('```');
  });

  it.each([
    ['<img src=x onerror=y>', /<img/],
    ['[click](https://evil.example)', /\[click\]\(/],
    ['![](https://evil.example/?x)', /!\[/],
    ['a\n\n# heading', /^# heading/m],
    ['a\n- item', /^- item/m],
    ['`a` ``[x](y)``', /\[x\]\(y\)/],
    ['`[x](y)', /\[x\]\(y\)/],
    ['``[x](y)`', /\[x\]\(y\)/],
    ['\\[x](y)', /\[x\]\(y\)/],
  ])('escapes Markdown in %j', (what, markup) => {
    expect(withoutCode(summary({ what }))).not.toMatch(markup);
    expect(withoutCode(summary({ fix: what }))).not.toMatch(markup);
  });

  it.each([
    'www.evil.example',
    'https://evil.example.',
    'user@evil.example',
    '@team,',
    '(acme/web#123)',
    'GH-1',
    '0123456789abcdef0123456789abcdef01234567',
  ])('shows %s as code, so that GitHub does not link it', (name) => {
    const what = `The cluster ${name} is another.`;
    expect(summary({ what })).toContain(`\n\nThe cluster \`${name}\` is another.\n`);
  });

  it('keeps code spans as they are', () => {
    expect(summary({ what: 'Set `a: [b]` and `<c>`.' })).toContain('Set `a: [b]` and `<c>`.');
  });

  it('uses a fence longer than any in its content', () => {
    const lines = fc.array(fc.string({ unit: fc.constantFrom('`', '~', 'a', ' ') }), {
      minLength: 1,
    });
    fc.assert(
      fc.property(lines, (inFence) => {
        fc.pre(inFence.join('\n') !== '');
        const written = summary({ facts: { title: 'Claims:', lines: inFence } });
        const fence = /^(`{3,})text$/m.exec(written)?.[1] ?? '';
        const inside = written
          .slice(written.indexOf(`${fence}text`))
          .split('\n')
          .slice(1);
        const closing = inside.findIndex((line) => line.trim().startsWith(fence));
        expect(inside.slice(0, closing).join('\n')).toBe(inFence.join('\n'));
      }),
    );
  });
});

describe('dryRunSummary', () => {
  const plan = {
    heading: 'This step would:',
    actions: ['join `a`', 'stop'],
    config: 'version: v2',
  };

  it('contains the plan and the configuration', () => {
    expect(dryRunSummary({ ...plan, obstacle: undefined })).toBe(
      [
        '### Teleport credentials: dry run',
        '',
        'This step did not join the cluster and issued no credentials.',
        '',
        'This step would:',
        '',
        '- join `a`',
        '- stop',
        '',
        'Configuration of tbot:',
        '',
        '```yaml',
        'version: v2',
        '```',
        '',
      ].join('\n'),
    );
  });

  it('contains the reason why the job cannot join', () => {
    expect(dryRunSummary({ ...plan, obstacle: 'No OIDC token.' })).toContain('\nNo OIDC token.\n');
  });
});

describe('successSummary', () => {
  const expiresAt = new Date('2026-11-21T02:53:47Z');
  const credentials = [
    { name: 'identity', type: 'identity', expiresAt },
    { name: 'host', type: 'ssh_host', expiresAt: undefined },
  ];
  const row = (changes: Partial<Outputs>): string =>
    successSummary(credentials, { ...outputs, ...changes });

  it('contains a sentence and a table', () => {
    expect(row({})).toBe(
      [
        '### Teleport credentials',
        '',
        'Joined `example.teleport.sh` as bot `ci` with join method `github` and tbot `18.2.4` (source: `archive`).',
        '',
        '| Credential | Type | Expires |',
        '|---|---|---|',
        '| `identity` | `identity` | 2026-11-21T02:53:47Z |',
        '| `host` | `ssh_host` | never |',
        '',
      ].join('\n'),
    );
  });

  it('omits the bot if it is unknown, and the table if there are no credentials', () => {
    const nothing = successSummary([], { ...outputs, bot: '', 'expires-at': '' });
    expect(nothing).not.toContain(' bot ');
    expect(nothing).not.toContain('Expires');
    expect(nothing).toContain('\nNo credentials were requested.\n');
  });

  it('keeps any cluster name on one line, without Markdown', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom('|', '\\', '`', '\n', '<', '[', 'a') }),
        (name) => {
          const lines = row({ cluster: `x${name}` }).split('\n');
          expect(lines).toHaveLength(9);
          expect(withoutCode(lines[2] ?? '')).not.toMatch(/[<[\\`]/);
        },
      ),
    );
  });

  it('contains no paths', () => {
    expect(row({})).not.toContain('/temp/');
  });
});
