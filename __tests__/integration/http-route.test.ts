import { createServer, type Server } from 'node:http';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';

import type { Environment } from '../../src/ci/port.ts';
import { NetworkError } from '../../src/http/http-error.ts';
import { password, pasted } from '../passwords.ts';
import { type Fixture, never, openFixture, trackErrors } from './http.fixture.ts';

let fixture: Fixture;
let server: Server;
/** The address of an HTTP proxy that rejects every request. */
let live: string;
/** The destinations and credentials that the HTTP proxy received. */
const received: string[] = [];

beforeAll(async () => {
  fixture = await openFixture();
  server = createServer((request, response) => {
    received.push(`${request.url} ${request.headers['proxy-authorization']}`);
    response.end();
  });
  server.on('connect', (request, socket) => {
    received.push(`${request.url} ${request.headers['proxy-authorization']}`);
    socket.end('HTTP/1.1 403 No\r\n\r\n');
  });
  live = `127.0.0.1:${await trackErrors(server)}`;
});
beforeEach(() => {
  received.length = 0;
  return async () => fixture.clear();
});
afterAll(async () => {
  server.closeAllConnections();
  server.close();
  await fixture[Symbol.asyncDispose]();
});

/** Sends a request; LIVE in `env` stands for the HTTP proxy. Returns the error, if there is one. */
async function send(url: string, env: Environment): Promise<NetworkError | undefined> {
  const values = Object.entries(env).map(([name, value]) => [name, value?.replace('LIVE', live)]);
  const network = fixture.network(Object.fromEntries(values));
  try {
    // Destinations that are reached directly do not exist, or respond too late.
    const timeouts = { connect: 200, answer: 200 };
    (await network.get(url, { signal: never, timeouts })).discard();
    return undefined;
  } catch (error) {
    if (error instanceof NetworkError) return error;
    throw error;
  }
}

/** Returns the HTTP proxy that a request goes to: LIVE, an address, or `direct` for none. */
async function routeOf(url: string, env: Environment): Promise<string> {
  const before = received.length;
  const error = await send(url, env);
  if (received.length > before) return 'LIVE';
  const [, address] = /HTTP proxy (\S+:\d+)/.exec(error?.message ?? '') ?? [];
  expect(error?.kind === 'proxy').toBe(address !== undefined);
  return address ?? 'direct';
}

describe('the HTTP proxy of a request', () => {
  it.each([
    ['https://a.example/', { HTTPS_PROXY: 'http://LIVE' }, 'LIVE'],
    ['https://a.example/', { https_proxy: 'http://LIVE' }, 'LIVE'],
    ['https://a.example/', { HTTPS_PROXY: '', https_proxy: 'LIVE' }, 'LIVE'],
    ['https://a.example/', { HTTPS_PROXY: 'https://127.0.0.1' }, '127.0.0.1:443'],
    ['https://a.example/', { HTTPS_PROXY: 'http://127.0.0.1' }, '127.0.0.1:80'],
    ['https://a.example/', { HTTPS_PROXY: 'http://[::1]:1/' }, '[::1]:1'],
    ['https://a.example/', { HTTP_PROXY: 'http://LIVE', http_proxy: 'http://LIVE' }, 'direct'],
    ['http://a.example/', { http_proxy: 'http://LIVE' }, 'LIVE'],
    ['http://a.example/', { HTTP_PROXY: 'http://LIVE' }, 'LIVE'],
    ['http://a.example/', { HTTPS_PROXY: 'http://LIVE' }, 'direct'],
    ['https://a.example/', {}, 'direct'],
  ])('for %s with %j is %s', async (url, env, expected) => {
    expect(await routeOf(url, env)).toBe(expected);
  });

  // With a port where no metadata service listens.
  it.each([
    'http://169.254.169.254:9/metadata/versions',
    'http://169.254.170.2:9/',
    'http://metadata.google.internal:9/',
    'http://metadata.google.internal.:9/',
    'http://127.0.0.1:9/',
    'https://127.9.9.9/',
    'https://localhost:9/',
    'https://LOCALHOST/',
    'https://[::1]:9/',
  ])('is never used for %s', async (url) => {
    const env = { HTTP_PROXY: 'http://LIVE', HTTPS_PROXY: 'http://LIVE' };
    expect(await routeOf(url, env)).toBe('direct');
  });

  it('requires a URL-encoded password', async () => {
    const error = await send('https://a.example/', { HTTPS_PROXY: 'http://user:100%@LIVE' });
    expect(error?.kind).toBe('proxy');
    expect(error?.cause).toBeInstanceOf(TypeError);
    expect(error?.message).toMatch(/in HTTPS_PROXY contains a `%`.*`%25`/);
    const env = { HTTPS_PROXY: 'http://user:100%25@LIVE' };
    expect(await routeOf('https://a.example/', env)).toBe('LIVE');
  });

  it.each([
    ['a.example.com', 'example.com', 'direct'],
    ['example.invalid', 'example.invalid', 'direct'],
    ['badexample.com', 'example.com', 'LIVE'],
    ['a.example.com', '.example.com', 'direct'],
    ['example.com', '.example.com', 'LIVE'],
    ['a.example.com', '*.example.com', 'direct'],
    ['a.example.com', 'other, EXAMPLE.com', 'direct'],
    ['a.example.com', 'other example.com', 'direct'],
    ['a.example.com', '*', 'direct'],
    ['a.example.com', 'example.com:443', 'direct'],
    ['a.example.com', 'example.com:8443', 'LIVE'],
    // The unspecified addresses lead to this machine, which refuses the connection at once.
    ['0.0.0.0', '0.0.0.0/8', 'direct'],
    ['198.51.100.3', '0.0.0.0/8', 'LIVE'],
    ['0.0.0.0', '0.0.0.0', 'direct'],
    ['0.0.0.0', '0.0', 'LIVE'],
    ['0.0.0.0', '[broken', 'LIVE'],
    ['a.example.com', 'nonsense/33', 'LIVE'],
    ['[::]', '::/32', 'direct'],
    ['[::]', '[::]:443', 'direct'],
    ['0.0.0.0', '0.0.0.0/99', 'LIVE'],
    ['a.example.com', '0.0.0.0/8', 'LIVE'],
  ])('for https://%s with NO_PROXY=%s is %s', async (host, list, expected) => {
    const env = { HTTPS_PROXY: 'http://LIVE' };
    const url = `https://${host}/`;
    expect(await routeOf(url, { ...env, NO_PROXY: list })).toBe(expected);
    expect(await routeOf(url, { ...env, no_proxy: list })).toBe(expected);
  });

  it('receives the credentials of its URL', async () => {
    await send('https://a.example/', { HTTPS_PROXY: 'http://user:p%40ss@LIVE' });
    const basic = `Basic ${Buffer.from('user:p@ss').toString('base64')}`;
    expect(received).toEqual([`a.example:443 ${basic}`]);
  });

  it.each(['socks5://p:1080', 'http://'])(
    'rejects %s and names only the variable',
    async (value) => {
      const error = await send('https://a.example/', { HTTPS_PROXY: value });
      expect(error?.kind).toBe('proxy');
      expect(error?.message).toMatch(/HTTPS_PROXY/);
    },
  );

  it.each(pasted)('never shows the password of HTTPS_PROXY %j', async (value) => {
    const error = await send('https://example.invalid', { HTTPS_PROXY: value });
    expect(error?.kind).toBe('proxy');
    expect(error?.message).not.toContain(password);
    expect(error?.message).not.toContain('1234');
  });
});
