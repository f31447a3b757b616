import type { RequestListener } from 'node:http';

import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';

import { never, openFixture, type Fixture } from './http.fixture.ts';

let fixture: Fixture;

beforeAll(async () => {
  fixture = await openFixture();
});
afterEach(async () => fixture.clear());
afterAll(async () => fixture[Symbol.asyncDispose]());

describe('a redirect', () => {
  it('is returned like any response by default', async () => {
    const site = await fixture.https((_, response) => {
      response.writeHead(302, { location: '/b' });
      response.end();
    });
    const reply = await fixture.network().get(site.url, { signal: never });
    reply.discard();
    expect(reply.status).toBe(302);
  });

  it('is followed without sending headers to another origin', async () => {
    const seen: string[] = [];
    const note: RequestListener = (request, response) => {
      seen.push(`${request.url} ${request.headers['authorization'] ?? '-'}`);
      response.end('there');
    };
    const other = await fixture.https(note);
    const site = await fixture.https((request, response) => {
      const location = request.url === '/a' ? '/b' : `${other.url}/c`;
      seen.push(`${request.url} ${request.headers['authorization'] ?? '-'}`);
      response.writeHead(307, { location }).end();
    });
    const reply = await fixture.network().get(`${site.url}/a`, {
      signal: never,
      redirects: 2,
      headers: { authorization: 'mine' },
    });
    expect(await reply.text(100)).toBe('there');
    expect(reply.url).toBe(`${other.url}/c`);
    expect(seen).toEqual(['/a mine', '/b mine', '/c -']);
  });

  it.each([
    ['http://elsewhere.example.com/x', 'without TLS'],
    ['file:///etc/passwd', 'without TLS'],
    ['https://[', 'invalid URL'],
    ['/', 'too many times'],
  ])('to %s is rejected', async (location, words) => {
    const site = await fixture.https(
      (_, response) => void response.writeHead(301, { location }).end(),
    );
    const error = await fixture.failure(site.url, { redirects: 3 });
    expect(error.kind).toBe('redirect');
    expect(error.message).toContain(words);
  });
});
