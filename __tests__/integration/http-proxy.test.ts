import { createServer } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import { connect, type Socket } from 'node:net';

import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';

import { closedPort, type Listener } from '../../testbed/loopback.ts';
import { trackErrors, never, openFixture, type Fixture } from './http.fixture.ts';
import { tunnelTo } from './http-tunnel.ts';

let fixture: Fixture;

beforeAll(async () => {
  fixture = await openFixture();
});
afterEach(async () => fixture.clear());
afterAll(async () => fixture[Symbol.asyncDispose]());

interface Seen {
  readonly address: string;
  readonly requests: string[];
}

/** Starts an HTTP proxy that sends every request to `target`, whatever its host. */
async function httpProxy(target: Listener, status = 200): Promise<Seen> {
  const requests: string[] = [];
  const server = createServer((request, response) => {
    requests.push(`${request.method} ${request.url} ${request.headers['proxy-authorization']}`);
    response.end('plain');
  });
  server.on('connect', (request, socket: Socket) => {
    requests.push(`${request.method} ${request.url} ${request.headers['proxy-authorization']}`);
    socket.on('error', () => undefined);
    if (status !== 200) return socket.end(`HTTP/1.1 ${status} No\r\n\r\n`);
    const onward = connect(target.port, '127.0.0.1', () => {
      socket.write('HTTP/1.1 200 OK\r\n\r\n');
      onward.pipe(socket);
      socket.pipe(onward);
    });
    onward.on('error', () => socket.destroy());
    return undefined;
  });
  const port = await trackErrors(server);
  fixture.keep({ close: () => server.closeAllConnections() });
  fixture.keep({ close: () => server.close() });
  return { address: `127.0.0.1:${port}`, requests };
}

describe('an HTTP proxy', () => {
  const basic = `Basic ${Buffer.from('me:secret').toString('base64')}`;

  it('receives CONNECT and passes TLS through to the destination', async () => {
    const site = await fixture.https(
      (request, response) => void response.end(`hi ${request.headers.host}`),
    );
    const proxy = await httpProxy(site);
    const mine = fixture.network({ https_proxy: `http://me:secret@${proxy.address}` });
    const reply = await mine.get('https://far.example.com/', { signal: never });
    expect(await reply.text(100)).toBe('hi far.example.com');
    expect(proxy.requests).toEqual([`CONNECT far.example.com:443 ${basic}`]);
  });

  it('receives the whole URL of a request without TLS', async () => {
    const site = await fixture.https(() => undefined);
    const proxy = await httpProxy(site);
    const mine = fixture.network({ HTTP_PROXY: `http://me:secret@${proxy.address}` });
    const reply = await mine.get('http://far.example.com/x', { signal: never });
    expect(await reply.text(100)).toBe('plain');
    expect(proxy.requests).toEqual([`GET http://far.example.com/x ${basic}`]);
  });

  it.each([
    [403, 'refused a connection to far.example.com:443 (HTTP 403)', false],
    [407, 'rejected the user name or password (HTTP 407)', false],
    [502, 'refused a connection to far.example.com:443 (HTTP 502)', true],
  ])('is named in the error if it returns HTTP %i', async (status, words, retryable) => {
    const proxy = await httpProxy(await fixture.https(() => undefined), status);
    const mine = fixture.network({ HTTPS_PROXY: `http://me:secret@${proxy.address}` });
    const error = await fixture.failure('https://far.example.com/', {}, mine);
    expect([error.kind, error.retryable]).toEqual(['proxy', retryable]);
    expect(error.message).toContain(words);
    expect(error.message).toContain(proxy.address);
    expect(JSON.stringify(error.message)).not.toContain('secret');
  });

  it('is named in the error if it refuses the connection', async () => {
    const port = await closedPort();
    const mine = fixture.network({ HTTPS_PROXY: `http://127.0.0.1:${port}` });
    const error = await fixture.failure('https://far.example.com/', {}, mine);
    expect([error.kind, error.retryable]).toEqual(['proxy', true]);
    expect(error.message).toContain(`HTTP proxy 127.0.0.1:${port} refused the connection`);
  });

  it('is named in the error if it closes the connection', async () => {
    const address = await fixture.tcp((socket) => void socket.once('data', () => socket.destroy()));
    const mine = fixture.network({ HTTPS_PROXY: `http://${address}` });
    expect((await fixture.failure('https://far.example.com/', {}, mine)).kind).toBe('proxy');
  });

  it('is named in the error if it does not respond', async () => {
    const address = await fixture.tcp(() => undefined);
    const mine = fixture.network({ HTTPS_PROXY: `http://${address}` });
    const options = { timeouts: { connect: 150 } };
    const error = await fixture.failure('https://far.example.com/', options, mine);
    expect(error.kind).toBe('proxy');
    expect(error.message).toContain(address);
  });

  it('must be an http or https URL', async () => {
    const mine = fixture.network({ HTTPS_PROXY: 'socks5://p:1080' });
    expect((await fixture.failure('https://far.example.com/', {}, mine)).kind).toBe('proxy');
  });

  it('can itself use TLS', async () => {
    const site = await fixture.https((_, response) => void response.end('far'));
    const address = await tunnelTo(site.port, createHttpsServer(fixture.certificate), fixture);
    const mine = fixture.network({ HTTPS_PROXY: `https://${address}` });
    const reply = await mine.get('https://far.example.com/', { signal: never });
    expect(await reply.text(100)).toBe('far');
  });
});
