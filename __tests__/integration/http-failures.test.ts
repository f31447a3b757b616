import { createServer as createTlsServer } from 'node:tls';

import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';

import { closedPort, listenHttp } from '../../testbed/loopback.ts';
import { trackErrors, openFixture, type Fixture } from './http.fixture.ts';

let fixture: Fixture;

beforeAll(async () => {
  fixture = await openFixture();
});
afterEach(async () => fixture.clear());
afterAll(async () => fixture[Symbol.asyncDispose]());

describe('a network failure', () => {
  it('is `unresolved` if the host name does not resolve', async () => {
    const error = await fixture.failure('https://no-such-host.invalid/');
    expect(error.kind).toBe('unresolved');
    expect(error.message).toBe('host name no-such-host.invalid cannot be resolved (ENOTFOUND)');
  });

  it('is `refused` if the port is closed', async () => {
    const port = await closedPort();
    const error = await fixture.failure(`https://127.0.0.1:${port}/`);
    expect([error.kind, error.code, error.retryable]).toEqual(['refused', 'ECONNREFUSED', true]);
  });

  it('names an IPv6 address in brackets', async () => {
    const port = await closedPort();
    const error = await fixture.failure(`https://[::1]:${port}/`);
    expect(['refused', 'unreachable']).toContain(error.kind);
    expect(error.message).toContain(`[::1]:${port}`);
  });

  it('is `timeout` if the TLS handshake gets no response', async () => {
    const address = await fixture.tcp(() => undefined);
    const error = await fixture.failure(`https://${address}/`, { timeouts: { connect: 150 } });
    expect([error.kind, error.retryable]).toEqual(['timeout', false]);
    expect(error.message).toContain(address);
  });

  it('is `timeout` if the request gets no response', async () => {
    const site = await fixture.https(() => undefined);
    const error = await fixture.failure(site.url, { timeouts: { answer: 150 } });
    expect(error.kind).toBe('timeout');
    expect(error.message).toContain('did not respond within 0.15 s');
  });

  it('is a retryable `timeout` if the body stalls', async () => {
    const site = await fixture.https((_, response) => void response.write('half'));
    const error = await fixture.failure(site.url, { timeouts: { stall: 150 } });
    expect([error.kind, error.retryable]).toEqual(['timeout', true]);
    expect(error.message).toContain('sent no data for 0.15 s');
  });

  it('is `reset` if the body is cut off', async () => {
    const site = await fixture.https((_, response) => {
      response.writeHead(200, { 'content-length': 100 });
      response.write('half', () => response.destroy());
    });
    const error = await fixture.failure(site.url);
    expect([error.kind, error.retryable]).toEqual(['reset', true]);
  });

  it('is `reset` if the connection is closed in the handshake', async () => {
    const address = await fixture.tcp((socket) => void socket.once('data', () => socket.destroy()));
    expect((await fixture.failure(`https://${address}/`)).kind).toBe('reset');
  });

  it('is `protocol` if the server does not use TLS', async () => {
    const site = await listenHttp((_, response) => void response.end());
    fixture.keep(site);
    expect((await fixture.failure(`https://127.0.0.1:${site.port}/`)).kind).toBe('protocol');
  });

  it('is `protocol` if the server uses TLS but not HTTP', async () => {
    const server = createTlsServer(
      fixture.certificate,
      (socket) => void socket.end('220 mail ready\r\n'),
    );
    const port = await trackErrors(server);
    fixture.keep({ close: () => server.close() });
    expect((await fixture.failure(`https://127.0.0.1:${port}/`)).kind).toBe('protocol');
  });
});
