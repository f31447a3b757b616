import { createServer, type Server } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { JobEnd, StepResult } from '../../testbed/runner/runner.ts';
import {
  openFixture as openNetworkStage,
  type Fixture as NetworkStage,
} from '../integration/http.fixture.ts';
import { tunnelTo } from '../integration/http-tunnel.ts';
import { codesOf, openFixture, type Fixture } from './action.fixture.ts';

let fixture: Fixture;
let unknown: NetworkStage;
beforeAll(async () => {
  fixture = await openFixture();
  unknown = await openNetworkStage();
});
afterEach(async () => unknown.clear());
afterAll(async () => {
  await fixture[Symbol.asyncDispose]();
  await unknown[Symbol.asyncDispose]();
});

/** Runs a job with NODE_TLS_REJECT_UNAUTHORIZED=0. */
async function job(
  inputs: Readonly<Record<string, string | undefined>>,
  env: Readonly<Record<string, string>> = {},
): Promise<{ readonly step: StepResult; readonly end: JobEnd }> {
  const { environment } = fixture.testbed.github;
  const unverified = { NODE_TLS_REJECT_UNAUTHORIZED: '0', ...env };
  return fixture.job({ with: inputs, runner: { environment: { ...environment, ...unverified } } });
}

/** Starts an HTTP proxy whose tunnels end at a server with a certificate of an unknown CA. */
async function proxy(server: Server): Promise<string> {
  const site = await unknown.https((_, response) => void response.end('{}'));
  return tunnelTo(site.port, server, unknown);
}

const far = { proxy: 'far.example.com', 'extra-ca-file': undefined };

describe('NODE_TLS_REJECT_UNAUTHORIZED=0 does not disable the verification', () => {
  it('of the Teleport Proxy', async () => {
    const { step } = await job({ 'extra-ca-file': undefined });
    expect(codesOf(step)).toEqual(['proxy-untrusted']);
    expect(step.log).toMatch(
      /The certificate of the Teleport Proxy 127\.0\.0\.1:\d+ is signed by a CA/,
    );
  });

  it('of the download site', async () => {
    const { proxy: teleport, downloads } = fixture.testbed;
    const before = downloads.requests.length;
    const { step } = await job({
      proxy: '',
      'auth-server': teleport.authServer.address,
      'ca-pins': teleport.authServer.caPin,
      'tbot-path': undefined,
      version: '18.2.4',
      mirror: downloads.url,
      'extra-ca-file': undefined,
    });
    expect(codesOf(step)).toEqual(['download']);
    expect(step.log).toMatch(/the certificate of 127\.0\.0\.1:\d+ is signed by/);
    expect(downloads.requests.length).toBe(before);
  });

  it('of the Teleport Proxy behind an HTTP proxy', async () => {
    const { step } = await job(far, { HTTPS_PROXY: `http://${await proxy(createServer())}` });
    expect(codesOf(step)).toEqual(['proxy-untrusted']);
    expect(step.log).toMatch(
      /The certificate of the Teleport Proxy far\.example\.com:443 is signed by/,
    );
  });

  it('of an HTTP proxy', async () => {
    const address = await proxy(createHttpsServer(unknown.certificate));
    const { step } = await job(far, { HTTPS_PROXY: `https://${address}` });
    expect(codesOf(step)).toEqual(['proxy-untrusted']);
    expect(step.log).toContain(`the certificate of HTTP proxy ${address} is signed by`);
  });
});

describe('NODE_TLS_REJECT_UNAUTHORIZED', () => {
  it('set to 0 causes a notice but no warning of Node', async () => {
    const { step, end } = await job({});
    expect(step).toMatchObject({ outcome: 'success', annotations: [{ level: 'notice' }] });
    expect(step.annotations[0]?.message).toMatch(/always verifies .* `extra-ca-file`/);
    expect(step.log).not.toMatch(/makes TLS connections .* insecure/);
    expect(end).toMatchObject({ leftInTemp: [], orphans: [] });
  });

  it('set to 1 has no effect', async () => {
    const { step } = await job({}, { NODE_TLS_REJECT_UNAUTHORIZED: '1' });
    expect(step).toMatchObject({ outcome: 'success', annotations: [] });
  });
});
