import { writeFile } from 'node:fs/promises';
import { createServer, type Socket } from 'node:net';

import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';

import { openHttpClient } from '../../src/http/client.ts';
import type { Problem } from '../../src/problem.ts';
import { createAuthority } from '../../testbed/ca.ts';
import { listenHttp, listenHttps } from '../../testbed/loopback.ts';
import { openFixture, retryPolicy, type Fixture } from './cluster.fixture.ts';

let fixture: Fixture;

beforeAll(async () => {
  fixture = await openFixture();
});
afterEach(() => fixture.next());
afterAll(async () => fixture[Symbol.asyncDispose]());

/** Returns the Problem of a proxy that sends this response. */
async function responding(
  status: number,
  headers: Record<string, string>,
  body: string,
  host = '127.0.0.1',
): Promise<Problem> {
  const authority = await createAuthority({ organization: 'T', commonName: 'T' });
  const certificate = await authority.serverCertificate([host]);
  const server = await listenHttps(certificate, (_, response) => {
    response.writeHead(status, headers).end(body);
  });
  const file = `${fixture.testbed.directory}/other-ca-${server.port}.pem`;
  await writeFile(file, authority.pem);
  const trusting = openHttpClient({ env: {}, extraCaFile: file });
  try {
    return await fixture.problem(`127.0.0.1:${server.port}`, { network: trusting });
  } finally {
    await server.close();
  }
}

describe('a proxy that cannot be probed', () => {
  it('proxy-unreachable: the host name does not resolve', async () => {
    const found = await fixture.problem('no-such-host.invalid:443');
    expect(found).toMatchObject({ code: 'proxy-unreachable' });
    expect(found.message).toContain('host name no-such-host.invalid cannot be resolved');
  });

  it('proxy-unreachable: no listener', async () => {
    fixture.testbed.faults.proxy = { kind: 'refused' };
    const messages: string[] = [];
    const found = await fixture.problem(fixture.testbed.proxy.address, {
      info: (line) => messages.push(line),
    });
    expect(found).toMatchObject({ code: 'proxy-unreachable' });
    expect(found.message).toContain(
      `Teleport Proxy ${fixture.testbed.proxy.address} refused the connection (ECONNREFUSED).`,
    );
    expect(messages).toHaveLength(2);
  });

  it('proxy-unreachable: no response, and the request is not repeated', async () => {
    fixture.testbed.faults.proxy = { kind: 'silent' };
    const messages: string[] = [];
    const found = await fixture.problem(fixture.testbed.proxy.address, {
      info: (line) => messages.push(line),
    });
    expect(found).toMatchObject({ code: 'proxy-unreachable' });
    expect(found.message).toContain('did not respond within 0.3 s');
    expect(messages).toEqual([]);
  });

  it('proxy-unreachable: no response in the TLS handshake', async () => {
    const sockets: Socket[] = [];
    const server = createServer((socket) => void sockets.push(socket));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', () => resolve()));
    const address = server.address();
    if (typeof address !== 'object' || !address) throw new Error('no port');
    const found = await fixture.problem(`127.0.0.1:${address.port}`);
    expect(found).toMatchObject({ code: 'proxy-unreachable' });
    expect(found.message).toContain('timed out after 0.3 s');
    for (const socket of sockets) socket.destroy();
    server.close();
  });

  it.each([500, 502, 503])('proxy-unreachable: HTTP %i', async (status) => {
    fixture.testbed.faults.proxy = { kind: 'status', status };
    const found = await fixture.problem(fixture.testbed.proxy.address);
    expect(found).toMatchObject({ code: 'proxy-unreachable' });
    expect(found.message).toMatch(
      new RegExp(`^The Teleport Proxy \\S+ returned HTTP ${status}\\.$`),
    );
  });

  it('proxy-unreachable: the HTTP proxy is down', async () => {
    const behind = openHttpClient({
      env: { HTTPS_PROXY: 'http://127.0.0.1:1' },
      extraCaFile: undefined,
    });
    const found = await fixture.problem('far.example.com:443', { network: behind });
    expect(found).toMatchObject({ code: 'proxy-unreachable' });
    expect(found.message).toMatch(
      /^The Teleport Proxy far\.example\.com:443 cannot be reached: HTTP proxy /,
    );
    expect(found.fix).toContain('NO_PROXY');
  });

  it('proxy-untrusted: an unknown CA', async () => {
    fixture.testbed.faults.proxy = { kind: 'untrusted' };
    // An open connection would not receive the other certificate.
    const network = openHttpClient({ env: {}, extraCaFile: fixture.testbed.caFile });
    const found = await fixture.problem(fixture.testbed.proxy.address, { network });
    expect(found).toMatchObject({ code: 'proxy-untrusted' });
    expect(found.fix).toContain('extra-ca-file');
  });

  it('proxy-untrusted: a certificate for another host name', async () => {
    const found = await responding(200, {}, '{}', 'other.example.com');
    expect(found).toMatchObject({ code: 'proxy-untrusted' });
    expect(found.message).toContain('another host name');
    expect(found.fix).not.toContain('extra-ca-file');
  });

  it('rate-limited: HTTP 429 for all attempts', async () => {
    fixture.testbed.faults.proxy = { kind: 'rate-limited', requests: 99 };
    const before = fixture.testbed.proxy.requests.length;
    expect(await fixture.problem(fixture.testbed.proxy.address)).toMatchObject({
      code: 'rate-limited',
      message: expect.stringContaining('is rate-limiting this IP address (HTTP 429)'),
    });
    expect(fixture.testbed.proxy.requests.length - before).toBe(retryPolicy.attempts);
  });

  it('rate-limited: no retry if `Retry-After` is longer than the limit', async () => {
    fixture.testbed.faults.proxy = { kind: 'rate-limited', requests: 99, retryAfter: 60 };
    const before = fixture.testbed.proxy.requests.length;
    expect(await fixture.problem(fixture.testbed.proxy.address)).toMatchObject({
      code: 'rate-limited',
    });
    expect(fixture.testbed.proxy.requests.length - before).toBe(1);
  });

  it.each([
    [{ kind: 'html' }, 'web page'],
    [{ kind: 'other-json' }, 'without the fields of a Teleport Proxy'],
    [{ kind: 'status', status: 404 }, 'HTTP 404'],
    [{ kind: 'status', status: 401 }, 'HTTP 401'],
  ] as const)('not-teleport: %j', async (fault, words) => {
    fixture.testbed.faults.proxy = fault;
    const found = await fixture.problem(fixture.testbed.proxy.address);
    expect(found).toMatchObject({ code: 'not-teleport' });
    expect(found.message).toContain(words);
  });

  it('not-teleport: a server without TLS', async () => {
    const plain = await listenHttp((_, response) => void response.end('{}'));
    const found = await fixture.problem(`127.0.0.1:${plain.port}`);
    expect(found).toMatchObject({ code: 'not-teleport' });
    expect(found.message).toContain('TLS');
    await plain.close();
  });

  it.each([
    ['https://login.example.com/?state=secret', 'redirected to login.example.com'],
    ['/web', 'redirected to another path'],
  ])('not-teleport: a redirect to %s', async (location, words) => {
    const found = await responding(302, { location }, '');
    expect(found).toMatchObject({ code: 'not-teleport' });
    expect(found.message).toContain(words);
    expect(found.message).not.toContain('secret');
  });

  it('not-teleport: a response that is too long', async () => {
    const found = await responding(200, {}, 'x'.repeat(300 * 1024));
    expect(found).toMatchObject({ code: 'not-teleport' });
    expect(found.message).toContain('too long');
  });
});
