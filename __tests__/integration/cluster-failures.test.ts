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

/** The Problem of a proxy that gives just this answer. */
async function answered(
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
  it('proxy-unreachable: its name does not resolve', async () => {
    const found = await fixture.problem('no-such-host.invalid:443');
    expect(found).toMatchObject({ code: 'proxy-unreachable' });
    expect(found.message).toContain('cannot be resolved');
  });

  it('proxy-unreachable: no listener', async () => {
    fixture.testbed.faults.proxy = { kind: 'refused' };
    const messages: string[] = [];
    const found = await fixture.problem(fixture.testbed.proxy.address, {
      info: (line) => messages.push(line),
    });
    expect(found).toMatchObject({ code: 'proxy-unreachable' });
    expect(found.message).toContain('refuses connections');
    expect(messages).toHaveLength(2);
  });

  it('proxy-unreachable: it never responds, and the request is not repeated', async () => {
    fixture.testbed.faults.proxy = { kind: 'silent' };
    const messages: string[] = [];
    const found = await fixture.problem(fixture.testbed.proxy.address, {
      info: (line) => messages.push(line),
    });
    expect(found).toMatchObject({ code: 'proxy-unreachable' });
    expect(found.message).toContain('says nothing');
    expect(messages).toEqual([]);
  });

  it('proxy-unreachable: it accepts the connection but never responds', async () => {
    const sockets: Socket[] = [];
    const server = createServer((socket) => void sockets.push(socket));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', () => resolve()));
    const address = server.address();
    if (typeof address !== 'object' || !address) throw new Error('no port');
    const found = await fixture.problem(`127.0.0.1:${address.port}`);
    expect(found).toMatchObject({ code: 'proxy-unreachable' });
    expect(found.message).toContain('nothing answers');
    for (const socket of sockets) socket.destroy();
    server.close();
  });

  it.each([500, 502, 503])('proxy-unreachable: it is out of order (%i)', async (status) => {
    fixture.testbed.faults.proxy = { kind: 'status', status };
    const found = await fixture.problem(fixture.testbed.proxy.address);
    expect(found).toMatchObject({ code: 'proxy-unreachable' });
    expect(found.message).toContain(String(status));
  });

  it('proxy-unreachable: the HTTP proxy in between is gone', async () => {
    const behind = openHttpClient({
      env: { HTTPS_PROXY: 'http://127.0.0.1:1' },
      extraCaFile: undefined,
    });
    const found = await fixture.problem('far.example.com:443', { network: behind });
    expect(found).toMatchObject({ code: 'proxy-unreachable' });
    expect(found.fix).toContain('NO_PROXY');
  });

  it('proxy-untrusted: an unknown CA', async () => {
    fixture.testbed.faults.proxy = { kind: 'untrusted' };
    // A connection that is kept would not meet the other certificate.
    const network = openHttpClient({ env: {}, extraCaFile: fixture.testbed.caFile });
    const found = await fixture.problem(fixture.testbed.proxy.address, { network });
    expect(found).toMatchObject({ code: 'proxy-untrusted' });
    expect(found.fix).toContain('extra-ca-file');
  });

  it('proxy-untrusted: a certificate for another name', async () => {
    const found = await answered(200, {}, '{}', 'other.example.com');
    expect(found).toMatchObject({ code: 'proxy-untrusted' });
    expect(found.message).toContain('another name');
    expect(found.fix).not.toContain('extra-ca-file');
  });

  it('rate-limited: 429 to the end', async () => {
    fixture.testbed.faults.proxy = { kind: 'rate-limited', requests: 99 };
    const before = fixture.testbed.proxy.requests.length;
    expect(await fixture.problem(fixture.testbed.proxy.address)).toMatchObject({
      code: 'rate-limited',
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
    [{ kind: 'other-json' }, 'unexpected form'],
    [{ kind: 'status', status: 404 }, '404'],
    [{ kind: 'status', status: 401 }, '401'],
  ] as const)('not-teleport: %j', async (fault, words) => {
    fixture.testbed.faults.proxy = fault;
    const found = await fixture.problem(fixture.testbed.proxy.address);
    expect(found).toMatchObject({ code: 'not-teleport' });
    expect(found.message).toContain(words);
  });

  it('not-teleport: it speaks plain HTTP', async () => {
    const plain = await listenHttp((_, response) => void response.end('{}'));
    const found = await fixture.problem(`127.0.0.1:${plain.port}`);
    expect(found).toMatchObject({ code: 'not-teleport' });
    expect(found.message).toContain('TLS');
    await plain.close();
  });

  it.each([
    ['https://login.example.com/?state=secret', 'redirects to login.example.com'],
    ['/web', 'another of its pages'],
  ])('not-teleport: it redirects to %s', async (location, words) => {
    const found = await answered(302, { location }, '');
    expect(found).toMatchObject({ code: 'not-teleport' });
    expect(found.message).toContain(words);
    expect(found.message).not.toContain('secret');
  });

  it('not-teleport: an endless answer', async () => {
    const found = await answered(200, {}, 'x'.repeat(300 * 1024));
    expect(found).toMatchObject({ code: 'not-teleport' });
    expect(found.message).toContain('too long');
  });
});
