import { once } from 'node:events';
import { readdir, stat, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterEach, describe, expect, it } from 'vitest';
import { freePorts } from '../../src/background/ports.ts';
import {
  background,
  codesOf,
  gone,
  identityRenewed,
  logIn,
  matches,
  nothingLeft,
  pidIn,
  rewritten,
} from './background.fixture.ts';
import { mainFixture, type MainFixture } from './main.fixture.ts';
import { needs } from '../requirements.ts';

/** Waits for the log of the only call, whose folder has a random name. */
async function logged({ temp }: MainFixture, pattern: RegExp): Promise<void> {
  for (;;) {
    const [name] = await readdir(temp);
    if (name !== undefined) {
      await matches(join(temp, name, 'tbot.log'), pattern);
      return;
    }
    await pause(10);
  }
}

/**
 * A program in place of tbot with a tunnel, whose diagnostics answer with HTTP 503 and this text.
 */
function programWith(text: string): string {
  return `#!${process.execPath}
const [, , command, , config] = process.argv;
if (command === 'version') console.log('Teleport v18.2.4');
else {
  const yaml = require('fs').readFileSync(config, 'utf8');
  const portAt = (pattern) => Number(pattern.exec(yaml)[1]);
  require('http')
    .createServer((_, response) => response.writeHead(503).end('${text}'))
    .listen(portAt(/diag_addr: "127.0.0.1:(\\d+)"/), '127.0.0.1');
  require('net').createServer().listen(portAt(/listen: "tcp:..127.0.0.1:(\\d+)"/), '127.0.0.1');
}
`;
}

/** The first attempt to issue credentials, in the words of tbot 15 and of later releases. */
const firstAttempt = /Attempt(?:ing task task:output| 1 of 5)/;

describe('tbot in the background', needs('posix'), () => {
  describe.each(['15.0.0-dev', '17.2.8', '17.5.4', '18.2.4'])('%s', (teleportVersion) => {
    const fixture = mainFixture({ teleportVersion });

    it('is ready once it has issued the credentials, and renews them until post', async () => {
      const { faults } = fixture.testbed;
      faults.tbot = { kind: 'hold-credentials' };
      const beginning = fixture.begin({ inputs: background });
      await logged(fixture, firstAttempt);
      faults.tbot = { kind: 'none' };
      const begun = await beginning;
      expect(begun.of('fail')).toEqual([]);
      expect((await stat(logIn(begun))).mode & 0o777).toBe(0o600);
      expect(begun.of('info').at(-1)?.[0]).toContain(
        ` tbot keeps running in the background (process ${pidIn(begun)}) and renews the credentials every 300ms until the job ends.`,
      );
      await rewritten(begun.values('output')['certificate-file'] ?? '');
      await matches(logIn(begun), identityRenewed);
      const ended = await begun.end();
      expect(ended.of('warning')).toEqual([]);
      expect(ended.of('group')).toEqual([]);
      expect(ended.of('info').at(-1)?.[0]).toContain(`stopped process ${pidIn(begun)}.`);
      await gone(pidIn(begun));
      expect(await readdir(fixture.temp)).toEqual([]);
    });
  });
});

describe('a start in the background', needs('posix'), () => {
  const fixture = mainFixture();
  const { begin } = fixture;

  afterEach(async () => {
    await nothingLeft(fixture.temp);
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

  it('explains that tbot was killed', async () => {
    fixture.testbed.faults.tbot = { kind: 'killed' };
    const begun = await begin({ inputs: background });
    expect(begun.of('fail')).toEqual([
      ['machine-id-action: tbot', expect.stringContaining('was killed by SIGKILL')],
    ]);
    await begun.end();
  });

  it('fails if tbot cannot be started', async () => {
    const path = join(fixture.testbed.directory, 'removes-itself');
    await writeFile(path, '#!/bin/sh\necho Teleport v18.2.4\nrm "$0"\n', { mode: 0o755 });
    const begun = await begin({ inputs: { ...background, 'tbot-path': path } });
    expect(begun.of('fail')).toEqual([
      ['machine-id-action: tbot', expect.stringMatching(/could not be started: .*ENOENT/)],
    ]);
    await begun.end();
  });

  it('is ended by a cancel', async () => {
    fixture.testbed.faults.tbot = { kind: 'hold-credentials' };
    const beginning = begin({ inputs: background });
    await logged(fixture, firstAttempt);
    process.emit('SIGINT');
    const begun = await beginning;
    expect(codesOf(begun.of('fail'))).toEqual(['machine-id-action: cancelled']);
    const ended = await begun.end();
    expect(ended.of('warning')).toEqual([]);
    expect(ended.of('info').at(-1)?.[0]).not.toContain('stopped');
  });

  it.each([
    ['17.2.8', 'it has not issued `identity`'],
    ['18.2.4', '`identity` is initializing'],
  ])('names in a timeout what is missing: %s', async (version, missing) => {
    fixture.testbed.faults.tbot = { kind: 'hold-credentials' };
    const tbot = await fixture.testbed.tbot(version);
    const begun = await begin({
      inputs: { ...background, timeout: '2500ms', 'tbot-path': tbot, version: '' },
    });
    expect(begun.of('fail')).toEqual([
      [
        'machine-id-action: timeout',
        expect.stringContaining(`while waiting for tbot to become ready: ${missing}`),
      ],
    ]);
    await begun.end();
  });

  it('reports in place of a timeout the error that tbot has logged', async () => {
    const { faults } = fixture.testbed;
    faults.tbot = { kind: 'hold-credentials' };
    const beginning = begin({
      inputs: { mode: 'background', 'renewal-interval': '1h', timeout: '5s' },
    });
    await logged(fixture, firstAttempt);
    Object.assign(faults, { proxy: { kind: 'refused' }, tbot: { kind: 'none' } });
    const begun = await beginning;
    expect(begun.of('fail')).toEqual([
      ['machine-id-action: proxy-unreachable', expect.stringContaining('could not connect')],
    ]);
    await begun.end();
  });

  // A version for each, because the testbed counts the starts of each version.
  it.each([
    ['diagnostics', '18.2.4'],
    ['service', '17.5.4'],
  ] as const)('chooses other ports if one was taken: %s', async (address, version) => {
    const tbot = await fixture.testbed.tbot(version);
    fixture.testbed.faults.tbot = { kind: 'port-taken', address, starts: 1 };
    const begun = await begin({
      inputs: { ...background, 'application-tunnel': 'hello', 'tbot-path': tbot },
    });
    expect(begun.of('fail')).toEqual([]);
    expect(begun.of('info').map(([text]) => text)).toContainEqual(
      expect.stringMatching(
        /^Another process uses 127\.0\.0\.1:\d+\. Starting tbot again with other ports\.$/,
      ),
    );
    const uri = new URL(begun.values('output')['tunnel-uri'] ?? '');
    expect(uri.port).toBe(begun.values('output')['tunnel-port']);
    expect((await begun.end()).of('warning')).toEqual([]);
  });

  it('names the address and the credential if the given port is taken', async () => {
    const server = createServer();
    const [port = 0] = await freePorts(1);
    await once(server.listen(port, '127.0.0.1'), 'listening');
    const service = {
      type: 'application-tunnel',
      app_name: 'hello',
      listen: `tcp://127.0.0.1:${port}`,
    };
    const services = JSON.stringify([{ ...service, name: 'web' }]);
    const begun = await begin({ inputs: { ...background, services } });
    server.close();
    expect(begun.of('fail')).toEqual([
      [
        'machine-id-action: platform',
        expect.stringContaining(
          `Credential \`web\` cannot listen on 127.0.0.1:${port}: another process uses this address.`,
        ),
      ],
    ]);
    await begun.end();
  });

  it('publishes the addresses of everything that tbot serves', async () => {
    const services = JSON.stringify([
      { type: 'workload-identity-api', selector: { name: 'deploy' }, name: 'spiffe' },
      { type: 'ssh-multiplexer' },
    ]);
    const inputs = { services, 'application-tunnel': 'hello', 'database-tunnel': 'pg/app/ci' };
    const begun = await begin({ inputs: { ...background, ...inputs } });
    expect(begun.of('fail')).toEqual([]);
    const outputs = begun.values('output');
    const credentials: Readonly<Record<string, { readonly uri?: string; readonly port?: number }>> =
      JSON.parse(outputs['credentials'] ?? '');
    expect(credentials['spiffe']?.uri).toBe(
      begun.values('exportVariable')['SPIFFE_ENDPOINT_SOCKET'],
    );
    expect(credentials['spiffe']?.uri).toMatch(/^unix:\/\/\/.*\/spiffe\.sock$/);
    expect(credentials['application-tunnel-hello']).toMatchObject({
      uri: outputs['tunnel-uri'],
      port: Number(outputs['tunnel-port']),
    });
    expect(credentials['database-tunnel-pg-app-ci']?.port).toBeGreaterThan(0);
    expect(credentials['ssh-multiplexer']).not.toHaveProperty('uri');
    expect((await begun.end()).of('warning')).toEqual([]);
  });

  it.each([
    ['does not wait for heartbeats', { identity: 'healthy', heartbeat: 'unhealthy' }, undefined],
    ['waits for the identity', { identity: 'unhealthy' }, '`identity` is unhealthy: out of luck.'],
    ['waits for any answer with services', { heartbeat: 'healthy' }, '/readyz returned HTTP 503.'],
  ])('%s', async (_, states, missing) => {
    const services = Object.fromEntries(
      Object.entries(states).map(([name, status]) => [name, { status, reason: 'out of luck' }]),
    );
    const path = join(fixture.testbed.directory, 'tbot-with-states');
    await writeFile(path, programWith(JSON.stringify({ services })), { mode: 0o755 });
    const inputs = { 'tbot-path': path, 'application-tunnel': 'hello', timeout: '2500ms' };
    const begun = await begin({ inputs: { ...background, ...inputs } });
    const [failure] = begun.of('fail');
    expect(failure?.[0]).toBe(missing && 'machine-id-action: timeout');
    expect(failure?.[1] ?? '').toContain(missing ?? '');
    expect((await begun.end()).of('warning')).toEqual([]);
  });

  it('is followed by a post that ends a tbot that ignores SIGTERM', async () => {
    fixture.testbed.faults.tbot = { kind: 'ignore-signals' };
    const begun = await begin({ inputs: background });
    expect(begun.of('fail')).toEqual([]);
    expect((await begun.end()).of('info').at(-1)?.[0]).toContain(`stopped process ${pidIn(begun)}`);
    await gone(pidIn(begun));
  });
});
