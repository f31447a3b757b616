import { readdir, stat } from 'node:fs/promises';
import { createServer } from 'node:net';
import { once } from 'node:events';
import { dirname, join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterEach, describe, expect, it } from 'vitest';
import { defaultTokens } from '../../testbed/defaults.ts';
import {
  background,
  gone,
  identityFailed,
  identityRenewed,
  logIn,
  matches,
  pidIn,
  rewritten,
} from './background.fixture.ts';
import { mainFixture } from './main.fixture.ts';

const codesOf = (calls: readonly (readonly string[])[]): readonly (string | undefined)[] =>
  calls.map(([title]) => title);

const { faults: _, ...none } = { faults: undefined };
void none;

const other = { bot: 'ci', joinMethod: 'github', allow: [{ repository: 'acme/other' }] } as const;

describe.skipIf(process.platform === 'win32').each(['15.0.0-dev', '17.2.8', '17.5.4', '18.2.4'])(
  'tbot %s in the background',
  (teleportVersion) => {
    const fixture = mainFixture({ teleportVersion });
    const { begin } = fixture;

    afterEach(async () => {
      Object.assign(fixture.testbed.proxy.tokens, defaultTokens);
      expect(await readdir(fixture.temp)).toEqual([]);
    });

    /** Waits for tbot's log, whose folder has a random name. */
    async function logged(pattern: RegExp): Promise<void> {
      for (;;) {
        const [name] = await readdir(fixture.temp);
        if (name !== undefined) {
          await matches(join(fixture.temp, name, 'tbot.log'), pattern);
          return;
        }
        await pause(10);
      }
    }

    it('is ready once it has issued the credentials, and renews them until post', async () => {
      const { faults } = fixture.testbed;
      faults.tbot = { kind: 'held' };
      const beginning = begin({ inputs: background });
      await logged(/Attempt(?:ing task task:output| 1 of 5)/);
      faults.tbot = { kind: 'none' };
      const begun = await beginning;
      expect(begun.of('fail')).toEqual([]);
      const outputs = begun.values('output');
      expect((await stat(logIn(begun))).mode & 0o777).toBe(0o600);
      expect(begun.of('info').at(-1)?.[0]).toContain(
        ` tbot keeps running in the background (process ${pidIn(begun)}) and renews the credentials every 300ms until the job ends.`,
      );
      await rewritten(outputs['certificate-file'] ?? '');
      await matches(logIn(begun), identityRenewed);
      const ended = await begun.end();
      expect(ended.of('warning')).toEqual([]);
      expect(ended.of('group')).toEqual([]);
      expect(ended.of('info').at(-1)?.[0]).toContain(`stopped process ${pidIn(begun)}.`);
      await gone(pidIn(begun));
    });

    it('explains a denied join as in oneshot mode', async () => {
      const changes = { inputs: { token: 'other-repo' } };
      const oneshot = await begin(changes);
      await oneshot.end();
      const begun = await begin({ inputs: { ...changes.inputs, ...background } });
      expect(codesOf(begun.of('fail'))).toEqual(['machine-id-action: claims-denied']);
      expect(begun.of('fail')).toEqual(oneshot.of('fail'));
      expect(begun.of('output')).toEqual([]);
      expect((await begun.end()).of('warning')).toEqual([]);
    });

    it('fails at once if a credential does not exist, although tbot would try again', async () => {
      const begun = await begin({ inputs: { ...background, app: 'nope' } });
      expect(codesOf(begun.of('fail'))).toEqual(['machine-id-action: service-not-found']);
      expect((await begun.end()).of('warning')).toEqual([]);
    });

    it.each([
      ['the OIDC endpoint returns 401', 'id-token-refused', /HTTP 401/],
      ['the allow rule is removed', 'claims-denied', /none of its allow rules/],
      ['the proxy is down', 'proxy-unreachable', /could not connect/],
    ])('reports in post that renewals fail because %s', async (cause, code, text) => {
      const { faults, proxy } = fixture.testbed;
      const begun = await begin({ inputs: background });
      if (cause.includes('401')) faults.github = { kind: 'status', status: 401 };
      else if (cause.includes('rule')) proxy.tokens['ci-github'] = other;
      else faults.proxy = { kind: 'refused' };
      await matches(logIn(begun), identityFailed);
      const ended = await begun.end();
      expect(codesOf(ended.of('warning'))).toEqual([`machine-id-action: ${code}`]);
      const [, message = ''] = ended.of('warning')[0] ?? [];
      expect(message).toMatch(text);
      expect(message).toMatch(
        teleportVersion.startsWith('15')
          ? /^tbot \(process \d+\) (?:cannot renew the credentials; its last attempt failed at|ended before) /
          : /^tbot \(process \d+\) has not been able to renew the credentials since 20\d\d-/,
      );
      expect(ended.of('summary')[0]?.[0]).toContain(
        `### Teleport credentials: renewal failed: \`${code}\``,
      );
      const [title, ...lines] = ended.of('group').at(-1) ?? [];
      expect(title).toBe(`Log of tbot ${teleportVersion} (process ${pidIn(begun)})`);
      expect(lines.join('\n')).toMatch(identityFailed);
    });

    it('reports nothing once renewals succeed again', async () => {
      const { faults } = fixture.testbed;
      const begun = await begin({ inputs: { ...background, 'renewal-interval': '1s' } });
      faults.github = { kind: 'status', status: 401 };
      const failed = await matches(logIn(begun), identityFailed);
      faults.github = { kind: 'none' };
      await matches(logIn(begun), identityRenewed, failed);
      expect((await begun.end()).of('warning')).toEqual([]);
    });

    it('reports in a later call and in post that tbot has ended', async () => {
      const begun = await begin({ inputs: background });
      process.kill(pidIn(begun), 'SIGKILL');
      await gone(pidIn(begun));
      const again = await begun.again();
      const ended = /^tbot \(process \d+\) ended before the job did and no longer renews/;
      expect(again.of('warning')).toEqual([
        ['machine-id-action: tbot', expect.stringMatching(ended)],
      ]);
      expect(again.of('fail')).toEqual([]);
      expect((await again.end()).of('warning')).toEqual([]);
      expect((await begun.end()).of('warning')).toEqual([
        ['machine-id-action: tbot', expect.stringMatching(ended)],
      ]);
    });

    it('is ended by a cancel during its start', async () => {
      const { faults } = fixture.testbed;
      faults.tbot = { kind: 'held' };
      const beginning = begin({ inputs: background });
      await logged(/Attempt(?:ing task task:output| 1 of 5)/);
      process.emit('SIGINT');
      const begun = await beginning;
      expect(codesOf(begun.of('fail'))).toEqual(['machine-id-action: cancelled']);
      const ended = await begun.end();
      expect(ended.of('warning')).toEqual([]);
      expect(ended.of('info').at(-1)?.[0]).not.toContain('stopped');
    });

    it('names in a timeout what is missing', async () => {
      fixture.testbed.faults.tbot = { kind: 'held' };
      const begun = await begin({ inputs: { ...background, timeout: '2500ms' } });
      expect(codesOf(begun.of('fail'))).toEqual(['machine-id-action: timeout']);
      expect(begun.of('fail')[0]?.[1]).toMatch(
        /while waiting for tbot to become ready: (?:it has not issued `identity`|`identity` is initializing)/,
      );
      await begun.end();
    });
  },
);
void dirname;
void createServer;
void once;
