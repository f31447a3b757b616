import { readFileSync, statSync } from 'node:fs';
import { createServer } from 'node:net';
import { once } from 'node:events';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import {
  type BackgroundFixture,
  changed,
  type RunningTbot,
  startBackgroundFixture,
  unusedPort,
} from './testbed-background.fixture.ts';
import { service } from './testbed-services.fixture.ts';
import { calm } from './testbed-teleport.fixture.ts';

const identity = service('id', 'identity');
const application = service('app', 'application', 'app_name: hello');
const removed = { bot: 'ci', joinMethod: 'github', allow: [] } as const;
const taken = (port: number) => `listen tcp 127.0.0.1:${port}: bind: address already in use`;

let fixture: BackgroundFixture;
beforeAll(async () => {
  fixture = await startBackgroundFixture();
});
afterEach(async () => await fixture.reset());
afterAll(async () => await fixture[Symbol.asyncDispose]());

/** Returns the distinct messages of the log in order. */
function messages(tbot: RunningTbot): readonly string[] {
  const lines = tbot.log().match(/^(?:INFO|WARN|ERRO) .*$/gm) ?? [];
  return [...new Set(lines.map((line) => line.replace(/ \S+$/, '')))];
}

describe('tbot 15.0.0-dev in background mode', () => {
  it('joins, starts two loops and renews, as recorded', async () => {
    const tbot = await fixture.start('15.0.0-dev', [identity, application], { ttl: '1m' });
    await tbot.logged(/Renewed outputs\./);
    const start = messages(tbot).filter((line) => !line.includes('Created directory'));
    expect(start[0]).toBe('INFO [AUTH]      Successfully registered via proxy server.');
    expect(start[1]).toMatch(/Fetched new bot identity\. identity:valid: .*, duration=2m0s /);
    const rest = start
      .slice(2)
      .filter((line) => !/Generat|bot identity\. Attempt|Fetch/.test(line));
    expect(rest.slice(0, 6)).toEqual([
      'INFO [TBOT]      Bot initialization complete.',
      expect.stringMatching(
        /^INFO \[TBOT\]      diag_addr configured, diagnostics service will be started\. addr:127/,
      ),
      'INFO [TBOT]      Beginning bot identity renewal loop: ttl=1m0s interval=200ms',
      'INFO [TBOT]      Beginning output renewal loop: ttl=1m0s interval=200ms',
      'INFO [TBOT]      Renewing outputs. Attempt 1 of 5.',
      expect.stringMatching(/Renewed outputs|Attempting registration/),
    ]);
    for (const route of ['/readyz', '/livez', '/healthz', '/wait']) {
      expect(await tbot.diagnose(route)).toMatchObject({ status: 404 });
    }
    expect(await tbot.diagnose('/metrics')).toMatchObject({ status: 200 });
    await tbot.logged(/Renewed bot identity\. Next bot identity renewal in approximately 200ms\./);
    const { github, proxy } = fixture.testbed;
    const joins = proxy.joins.filter(({ ok }) => ok);
    expect(joins.length).toBeGreaterThan(1);
    expect(github.requests.length).toBeGreaterThanOrEqual(joins.length);
  });

  it('rewrites files in place', async () => {
    const tbot = await fixture.start('15.0.0-dev', [identity]);
    await tbot.logged(/Renewed outputs\. Next output renewal in approximately 200ms\./);
    const path = join(tbot.directory, 'id', 'tlscert');
    const { ino, mode } = statSync(path);
    await changed(path);
    expect(statSync(path)).toMatchObject({ ino, mode });
    expect(mode & 0o777).toBe(0o600);
  });

  it.each([
    ['the OIDC endpoint answers 401', 'response did not include ID token'],
    ['the allow rule is removed', 'id token claims did not match any allow rules'],
  ])('exits after seven failures if %s', async (cause, message) => {
    const { faults, proxy } = fixture.testbed;
    const tbot = await fixture.start('15.0.0-dev', [identity]);
    await tbot.logged(/Renewed outputs\./);
    if (cause.includes('401')) faults.github = { kind: 'status', status: 401 };
    else proxy.tokens['ci-github'] = removed;
    const failed = /Bot identity renewal attempt 1 of 7 failed\. Retrying after \d+ms\. error:\[/;
    await tbot.logged(failed);
    await tbot.logged(/Renewed outputs\./, tbot.log().search(failed));
    expect(await tbot.ended).toBe(1);
    for (const attempt of [2, 3, 4, 5, 6]) {
      expect(tbot.log()).toContain(`Bot identity renewal attempt ${attempt} of 7 failed.`);
    }
    expect(tbot.log()).toContain(
      'ERRO [TBOT]      7 bot identity renewals failed. All retry attempts exhausted. Exiting. error:[',
    );
    const context = 'renewing identity with token';
    expect(tbot.log()).toMatch(
      new RegExp(
        `ERROR REPORT:[^\\]]*Stack Trace:\nUser Message: ${context}\n\t.*${message}.*\\] tbot/`,
      ),
    );
    expect(tbot.log().trimEnd()).toMatch(new RegExp(`\nERROR: ${context}\n.*${message}.*$`));
  });

  it('fails to renew outputs after its identity has expired', async () => {
    const tbot = await fixture.start('15.0.0-dev', [identity], { ttl: '400ms' });
    await tbot.logged(/Renewed outputs\./);
    fixture.testbed.proxy.tokens['ci-github'] = removed;
    await tbot.logged(
      /WARN \[TBOT\] {6}Output renewal attempt 1 of 5 failed\. Retrying after \d+ms\. error:\[[^\]]*failed to verify certificate/,
    );
    expect(await tbot.ended).toBe(1);
  });

  it('exits immediately if the first join is denied', async () => {
    fixture.testbed.proxy.tokens['ci-github'] = removed;
    const tbot = await fixture.start('15.0.0-dev', [identity]);
    expect(await tbot.ended).toBe(1);
    expect(tbot.log()).toMatch(/ERROR: .*id token claims did not match any allow rules/);
    expect(tbot.log()).not.toContain('renewal loop');
  });
});

describe('a later tbot in background mode', () => {
  it.each([
    ['17.5.2', 'renewing identity using Register'],
    ['18.0.0', 'renewing identity using Register with existing auth client'],
  ])('%s exits after seven failures', async (version, using) => {
    const tbot = await fixture.start(version, [identity]);
    await tbot.logged(/Task succeeded\. Waiting interval task:output-renewal interval:200ms/);
    fixture.testbed.faults.github = { kind: 'status', status: 401 };
    expect(await tbot.ended).toBe(1);
    expect(tbot.log()).toMatch(
      /ERRO \[TBOT:IDEN\] All retry attempts exhausted\. Exiting task:bot-identity-renewal error:\[/,
    );
    expect(tbot.log().trimEnd()).toMatch(
      new RegExp(
        `\\nERROR: service\\(identity\\)\\n\\trenewing identity\\n\\t\\t${using}\\n\\t\\t\\tresponse did not include ID token$`,
      ),
    );
  });

  it('18.2.4 retries while the proxy is down, and recovers', async () => {
    const { faults } = fixture.testbed;
    const tbot = await fixture.start('18.2.4', [identity]);
    await tbot.logged(/Task succeeded\. Waiting interval task:output-renewal/);
    expect(await tbot.diagnose('/readyz')).toMatchObject({ status: 200 });
    faults.proxy = { kind: 'refused' };
    const failed =
      /WARN \[TBOT\] {6}Task failed\. Backing off and retrying attempt:1 retry_limit:5 /;
    await tbot.logged(failed);
    const exhausted =
      /All retry attempts exhausted\. Will wait for next interval task:output-renewal/;
    await tbot.logged(exhausted);
    await tbot.logged(/exhausted\. Will wait for next interval task:bot-identity-renewal/);
    const down = await tbot.diagnose('/readyz');
    expect(down.status).toBe(503);
    expect(JSON.parse(down.text)).toMatchObject({
      status: 'unhealthy',
      services: { identity: { reason: expect.stringContaining('connection refused') } },
    });
    const position = tbot.log().length;
    calm(faults);
    await tbot.logged(/Task succeeded\. Waiting interval task:output-renewal/, position);
    await tbot.logged(/Task succeeded\. Waiting interval task:bot-identity-renewal/, position);
    expect(await tbot.diagnose('/readyz')).toMatchObject({ status: 200 });
  });

  it('18.2.4 keeps running if an output cannot be generated', async () => {
    const lost = service('lost', 'application', 'name: lost, app_name: nope');
    const tbot = await fixture.start('18.2.4', [lost, identity]);
    await tbot.logged(/All retry attempts exhausted\. Will wait for next interval/);
    const { services } = JSON.parse((await tbot.diagnose('/readyz')).text);
    expect(services.lost).toMatchObject({
      status: 'unhealthy',
      reason: 'app "nope" not found',
    });
    expect(await tbot.diagnose('/readyz/lost')).toMatchObject({ status: 503 });
    expect(await tbot.diagnose('/readyz/other')).toMatchObject({ status: 404 });
  });
});

describe('tbot 16.0', () => {
  it('logs numbers as attributes', async () => {
    const tbot = await fixture.start('16.0.0', [identity]);
    await tbot.logged(
      /INFO \[TBOT\] {6}Renewed outputs\. Waiting for next output renewal interval:200ms /,
    );
    fixture.testbed.faults.github = { kind: 'status', status: 401 };
    await tbot.logged(/Bot identity renewal attempt failed\. Waiting to retry\. error:\[/);
    expect(await tbot.ended).toBe(1);
    expect(tbot.log()).toContain('All bot identity renewal attempts exhausted. Exiting error:[');
  });
});

describe('an SVID', () => {
  it('is retried without a limit', async () => {
    const svid = service('svid', 'workload-identity-x509', 'name: svid, selector: {name: deploy}');
    const tbot = await fixture.start('18.2.4', [svid]);
    await tbot.logged(/Successfully wrote X509 workload identity credential to destination/);
    expect(await tbot.diagnose('/readyz')).toMatchObject({ status: 200 });
    fixture.testbed.faults.tbot = { kind: 'not-issued', message: 'access denied' };
    await tbot.logged(/Failed to request SVID error:\[[^\]]*access denied/);
    await tbot.logged(/Last attempt to generate output failed, will retry .*failures:6/);
    expect(await tbot.diagnose('/readyz/svid')).toMatchObject({ status: 503 });
    const position = tbot.log().length;
    calm(fixture.testbed.faults);
    await tbot.logged(/Retrying[^]*Successfully wrote X509/, position);
  });
});

describe('readiness', () => {
  it.each([
    ['15.0.0-dev', 404, 404, 404],
    ['17.4.5', 200, 200, 404],
    ['17.5.3', 200, 200, 404],
    ['17.5.4', 503, 200, 404],
    ['18.0.1', 200, 200, 404],
    ['18.0.2', 503, 200, 404],
    ['18.6.4', 503, 200, 200],
    ['19.0.0', 503, 200, 200],
  ])(
    'in %s is HTTP %i before and %i after the first outputs',
    async (version, before, after, wait) => {
      const { faults } = fixture.testbed;
      faults.tbot = { kind: 'hold-credentials' };
      const tbot = await fixture.start(version, [identity]);
      await tbot.logged(/diagnostics service will be/);
      await tbot.logged(/Attempt(?:ing task task:output| 1 of 5)/);
      expect(await tbot.diagnose('/readyz')).toMatchObject({ status: before });
      expect(await tbot.diagnose('/healthz')).toMatchObject({ status: 404 });
      const waiting = tbot.diagnose('/wait');
      calm(faults);
      await tbot.logged(/Renewed outputs\.|Task succeeded\. Waiting interval task:output-renewal/);
      expect(await tbot.diagnose('/readyz')).toMatchObject({ status: after });
      expect(await waiting).toMatchObject({ status: wait });
    },
  );
});

describe('a port that is in use', () => {
  it.each([
    ['15.0.0-dev', ''],
    ['18.2.4', 'service(diagnostics)\n\t'],
  ])('makes tbot %s exit if the diagnostics need it', async (version, context) => {
    const other = createServer().listen(0, '127.0.0.1');
    await once(other, 'listening');
    const { port }: { port?: number } = Object(other.address());
    const diagAddress = `127.0.0.1:${port}`;
    const tbot = await fixture.start(version, [identity], { diagAddress });
    expect(await tbot.ended).toBe(1);
    expect(tbot.log()).toContain(`ERROR: ${context}${taken(port ?? 0)}\n`);
    other.close();
  });

  it('can be in use at the first start only', async () => {
    fixture.testbed.faults.tbot = { kind: 'port-taken', address: 'service', starts: 1 };
    const port = await unusedPort();
    const tunnel = `{type: application-tunnel, listen: "tcp://127.0.0.1:${port}", app_name: hello}`;
    const first = await fixture.start('18.2.4', [tunnel]);
    expect(await first.ended).toBe(1);
    const label = `service(application-tunnel:tcp://127.0.0.1:${port}:hello)`;
    expect(first.log()).toContain(`ERROR: ${label}\n\topening listener\n\t\t${taken(port)}\n`);
    const second = await fixture.start('18.2.4', [tunnel]);
    await second.logged(/Listening for connections\. address:127\.0\.0\.1:/);
  });
});

describe('a signal', () => {
  it.each([
    ['15.0.0-dev', /Renewed outputs\./, 'Received interrupt, triggering shutdown. '],
    ['18.2.4', /Task succeeded/, 'Received interrupt, triggering shutdown '],
  ])('ends tbot %s: SIGINT with exit code 0, SIGTERM immediately', async (version, ready, line) => {
    const environment = { TELEPORT_ANONYMOUS_TELEMETRY: '1' };
    const one = await fixture.start(version, [identity], { environment });
    await one.logged(ready);
    one.kill('SIGINT');
    expect(await one.ended).toBe(0);
    expect(one.log()).toContain(line);
    expect(one.log()).toContain('Anonymous telemetry transmission canceled');
    const other = await fixture.start(version, [identity]);
    await other.logged(ready);
    other.kill('SIGTERM');
    expect(await other.ended).toBe('SIGTERM');
    expect(other.log()).not.toContain('shutdown');
    expect(readFileSync(join(other.directory, 'id', 'tlscert'), 'utf8')).toContain('BEGIN');
  });

  it('is ignored under the fault', async () => {
    fixture.testbed.faults.tbot = { kind: 'ignore-signals' };
    const tbot = await fixture.start('18.2.4', [identity]);
    await tbot.logged(/Task succeeded/);
    tbot.kill('SIGTERM');
    tbot.kill('SIGINT');
    await tbot.logged(/Task succeeded/, tbot.log().length);
    tbot.kill('SIGKILL');
    expect(await tbot.ended).toBe('SIGKILL');
  });

  it.each([
    [{ kind: 'killed' }, 'SIGKILL'],
    [{ kind: 'exit-code', code: 3 }, 3],
  ] as const)(
    'is not needed to end tbot at the next renewal, under the fault %o',
    async (fault, end) => {
      const tbot = await fixture.start('18.2.4', [identity]);
      await tbot.logged(/Task succeeded/);
      fixture.testbed.faults.tbot = fault;
      expect(await tbot.ended).toBe(end);
    },
  );
});
