import type { RequestListener } from 'node:http';

import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';

import { never, openFixture, type Fixture } from './http.fixture.ts';

let fixture: Fixture;

beforeAll(async () => {
  fixture = await openFixture();
});
afterEach(async () => fixture.clear());
afterAll(async () => fixture[Symbol.asyncDispose]());

describe('a GET request', () => {
  it('sends the Host header and returns status, headers and body', async () => {
    const seen: unknown[] = [];
    const site = await fixture.https((request, response) => {
      seen.push(request.url, request.headers.host, request.headers['x-mine']);
      response.writeHead(418, { 'x-theirs': 'tea' });
      response.end('short and stout');
    });
    const reply = await fixture.network().get(`${site.url}/a?b=c`, {
      signal: never,
      headers: { 'x-mine': '1' },
    });
    expect(reply.status).toBe(418);
    expect(reply.headers['x-theirs']).toBe('tea');
    expect(await reply.text(100)).toBe('short and stout');
    expect(seen).toEqual(['/a?b=c', `127.0.0.1:${site.port}`, '1']);
  });

  it('streams a long body', async () => {
    const site = await fixture.https((_, response) => {
      for (let count = 0; count < 64; count += 1) response.write(Buffer.alloc(65_536, count));
      response.end();
    });
    const reply = await fixture.network().get(site.url, { signal: never });
    let length = 0;
    for await (const chunk of reply.body) length += chunk.length;
    expect(length).toBe(64 * 65_536);
  });

  it('fails if the body is longer than the limit', async () => {
    const site = await fixture.https((_, response) => void response.end('x'.repeat(1001)));
    expect((await fixture.failure(site.url)).kind).toBe('too-long');
  });
});

describe('an aborted request', () => {
  const reasons: [string, RequestListener][] = [
    ['the response', () => undefined],
    ['the end of the body', (_, response) => void response.write('half')],
  ];
  it.each(reasons)('throws the reason before %s', async (_, handler) => {
    const cancel = new AbortController();
    const reason = new Error('cancelled');
    const site = await fixture.https((request, response) => {
      setTimeout(() => cancel.abort(reason), 50);
      handler(request, response);
    });
    const reading = fixture
      .network()
      .get(site.url, { signal: cancel.signal })
      .then((reply) => reply.text(100));
    await expect(reading).rejects.toBe(reason);
  });

  it('throws the reason while connecting', async () => {
    const cancel = new AbortController();
    const reason = new Error('cancelled');
    const address = await fixture.tcp(() => cancel.abort(reason));
    await expect(
      fixture.network().get(`https://${address}/`, { signal: cancel.signal }),
    ).rejects.toBe(reason);
  });

  it('throws the reason of a signal that is already aborted', async () => {
    const reason = new Error('cancelled');
    const signal = AbortSignal.abort(reason);
    await expect(fixture.network().get('https://127.0.0.1:1/', { signal })).rejects.toBe(reason);
  });

  it('fails after close()', async () => {
    const mine = fixture.network();
    const site = await fixture.https(() => mine.close());
    await expect(mine.get(site.url, { signal: never })).rejects.toMatchObject({ kind: 'reset' });
  });
});
