import { readdir, readFile, rm } from 'node:fs/promises';
import { afterEach, describe, expect, it } from 'vitest';
import { defaultTokens } from '../../testbed/defaults.ts';
import {
  background,
  codesOf,
  gone,
  identityFailed,
  identityRenewed,
  logIn,
  matches,
  nothingLeft,
  pidIn,
} from './background.fixture.ts';
import { mainFixture } from './main.fixture.ts';
import { needs } from '../requirements.ts';

const denied = { bot: 'ci', joinMethod: 'github', allow: [{ repository: 'acme/other' }] } as const;
const ended = /^tbot \(process \d+\) ended before the job did and no longer renews/;

describe.each(['15.0.0-dev', '18.2.4'])(
  'renewals of tbot %s',
  needs('posix'),
  (teleportVersion) => {
    const fixture = mainFixture({ teleportVersion });
    const { begin } = fixture;

    afterEach(async () => {
      Object.assign(fixture.testbed.proxy.tokens, defaultTokens);
      await nothingLeft(fixture.temp);
    });

    it.each([
      ['the OIDC endpoint returns 401', 'id-token-refused', /HTTP 401/],
      ['the allow rule is removed', 'claims-denied', /none of its allow rules/],
      ['the proxy is down', 'proxy-unreachable', /could not connect/],
    ])('fail and are reported in post: %s', async (cause, code, text) => {
      const { faults, proxy } = fixture.testbed;
      const begun = await begin({ inputs: { ...background, 'renewal-interval': '1s' } });
      if (cause.includes('401')) faults.github = { kind: 'status', status: 401 };
      else if (cause.includes('rule')) proxy.tokens['ci-github'] = denied;
      else faults.proxy = { kind: 'refused' };
      await matches(logIn(begun), identityFailed);
      const after = await begun.end();
      expect(codesOf(after.of('warning'))).toEqual([`machine-id-action: ${code}`]);
      const [, message = ''] = after.of('warning')[0] ?? [];
      expect(message).toMatch(text);
      expect(message).toMatch(
        teleportVersion.startsWith('15')
          ? /^tbot \(process \d+\) cannot renew the credentials; its last attempt failed at 20\d\d-/
          : /^tbot \(process \d+\) has not been able to renew the credentials since 20\d\d-/,
      );
      expect(after.of('summary')[0]?.[0]).toContain(
        `### Teleport credentials: renewal failed: \`${code}\``,
      );
      const [title, ...lines] = after.of('group').at(-1) ?? [];
      expect(title).toBe(`Log of tbot ${teleportVersion} (process ${pidIn(begun)})`);
      expect(lines.join('\n')).toMatch(identityFailed);
    });

    it('are not reported once they succeed again', async () => {
      const { faults } = fixture.testbed;
      const begun = await begin({ inputs: { ...background, 'renewal-interval': '1s' } });
      faults.github = { kind: 'status', status: 401 };
      const failed = await matches(logIn(begun), identityFailed);
      faults.github = { kind: 'none' };
      await matches(logIn(begun), identityRenewed, failed);
      expect((await begun.end()).of('warning')).toEqual([]);
    });
  },
);

describe('a tbot that has ended', needs('posix'), () => {
  const fixture = mainFixture({ teleportVersion: '15.0.0-dev' });
  const { begin } = fixture;

  it('is reported in a later call and in post', async () => {
    const begun = await begin({ inputs: background });
    process.kill(pidIn(begun), 'SIGKILL');
    await gone(pidIn(begun));
    const again = await begun.again();
    const warning = ['machine-id-action: tbot', expect.stringMatching(ended)];
    expect(again.of('warning')).toEqual([warning]);
    expect(again.of('fail')).toEqual([]);
    expect((await again.end()).of('warning')).toEqual([]);
    expect((await begun.end()).of('warning')).toEqual([warning]);
  });

  it('is explained by the last error in its log', async () => {
    const begun = await begin({ inputs: background });
    fixture.testbed.faults.github = { kind: 'status', status: 401 };
    await gone(pidIn(begun));
    expect((await begun.end()).of('warning')).toEqual([
      [
        'machine-id-action: id-token-refused',
        expect.stringMatching(/^.*\bended before[^]*HTTP 401/),
      ],
    ]);
  });

  it('is reported even if GitHub does not answer the question why', async () => {
    const begun = await begin({ inputs: background });
    fixture.testbed.faults.github = { kind: 'status', status: 401 };
    await gone(pidIn(begun));
    fixture.testbed.faults.github = { kind: 'silent' };
    expect(codesOf((await begun.end()).of('warning'))).toEqual([
      'machine-id-action: id-token-refused',
    ]);
  });

  it('is reported without its log, and not in the summary with `summary: never`', async () => {
    const begun = await begin({ inputs: { ...background, summary: 'never' } });
    process.kill(pidIn(begun), 'SIGKILL');
    await gone(pidIn(begun));
    await rm(logIn(begun));
    const after = await begun.end();
    expect(codesOf(after.of('warning'))).toEqual(['machine-id-action: tbot']);
    expect(after.of('summary')).toEqual([]);
  });
});

describe('post with debug logging', needs('posix'), () => {
  const fixture = mainFixture();

  it('shows the log of a healthy tbot after masking the renewed keys', async () => {
    const begun = await fixture.begin({ inputs: background });
    const renewed = await matches(logIn(begun), /Task succeeded\. .*task:output-renewal/);
    await matches(logIn(begun), /Task succeeded\. .*task:output-renewal/, renewed);
    process.kill(pidIn(begun), 'SIGSTOP');
    const key = await readFile(begun.values('output')['key-file'] ?? '', 'utf8');
    const after = await begun.end(true);
    expect(after.of('warning')).toEqual([]);
    expect(after.of('group').map(([title]) => title)).toEqual([
      `Log of tbot 18.2.4 (process ${pidIn(begun)})`,
    ]);
    const masked = after.of('mask').flat();
    for (const line of key.split('\n').filter((one) => one !== '' && !one.startsWith('-----')))
      expect(masked).toContain(line);
    expect(await readdir(fixture.temp)).toEqual([]);
  });
});
