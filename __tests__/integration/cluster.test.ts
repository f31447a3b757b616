import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';

import { openFixture, type Fixture, timeouts } from './cluster.fixture.ts';

let fixture: Fixture;

beforeAll(async () => {
  fixture = await openFixture();
});
afterEach(() => fixture.next());
afterAll(async () => fixture[Symbol.asyncDispose]());

describe('asking a proxy', () => {
  it('is one request without credentials', async () => {
    const before = fixture.testbed.proxy.requests.length;
    const cluster = await fixture.ask(fixture.testbed.proxy.address);
    expect(cluster).toMatchObject({
      name: 'rig.example.com',
      serverVersion: '18.2.4',
      edition: 'community',
      fips: false,
    });
    expect(fixture.testbed.proxy.requests.slice(before)).toEqual([
      expect.objectContaining({ method: 'GET', path: '/webapi/find' }),
    ]);
  });

  it('waits for one that is slow', async () => {
    fixture.testbed.faults.proxy = { kind: 'slow', milliseconds: 100 };
    expect(
      (
        await fixture.ask(fixture.testbed.proxy.address, {
          timeouts: { ...timeouts, answer: 5000 },
        })
      ).name,
    ).toBe('rig.example.com');
  });

  it.each([undefined, 0, 1])('goes on after 429 (Retry-After %s)', async (retryAfter) => {
    fixture.testbed.faults.proxy = {
      kind: 'rate-limited',
      requests: 2,
      ...(retryAfter !== undefined && { retryAfter }),
    };
    const messages: string[] = [];
    const cluster = await fixture.ask(fixture.testbed.proxy.address, {
      info: (line) => messages.push(line),
    });
    expect(cluster.name).toBe('rig.example.com');
    expect(messages).toHaveLength(2);
    expect(messages[0]).toMatch(/^[\w.:]+ answers with status 429; trying again in \d+ s\.$/);
  });
});

describe('an end from outside', () => {
  it('is thrown as it is, also while waiting to try again', async () => {
    fixture.testbed.faults.proxy = { kind: 'rate-limited', requests: 99 };
    const cancel = new AbortController();
    const reason = new Error('cancelled');
    const asking = fixture.ask(fixture.testbed.proxy.address, {
      signal: cancel.signal,
      retryPolicy: { attempts: 9, pause: 60_000, longest: 60_000 },
      info: () => cancel.abort(reason),
    });
    await expect(asking).rejects.toBe(reason);
  });
});
