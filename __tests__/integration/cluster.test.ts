import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';

import { openFixture, type Fixture, timeouts } from './cluster.fixture.ts';

let fixture: Fixture;

beforeAll(async () => {
  fixture = await openFixture();
});
afterEach(() => fixture.next());
afterAll(async () => fixture[Symbol.asyncDispose]());

describe('fetchCluster', () => {
  it('sends one request without credentials', async () => {
    const before = fixture.testbed.proxy.requests.length;
    const cluster = await fixture.probe(fixture.testbed.proxy.address);
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

  it('waits for a slow proxy', async () => {
    fixture.testbed.faults.proxy = { kind: 'slow', milliseconds: 100 };
    expect(
      (
        await fixture.probe(fixture.testbed.proxy.address, {
          timeouts: { ...timeouts, answer: 5000 },
        })
      ).name,
    ).toBe('rig.example.com');
  });

  it.each([undefined, 0, 1])('retries after HTTP 429 (Retry-After %s)', async (retryAfter) => {
    fixture.testbed.faults.proxy = {
      kind: 'rate-limited',
      requests: 2,
      ...(retryAfter !== undefined && { retryAfter }),
    };
    const messages: string[] = [];
    const cluster = await fixture.probe(fixture.testbed.proxy.address, {
      info: (line) => messages.push(line),
    });
    expect(cluster.name).toBe('rig.example.com');
    expect(messages).toHaveLength(2);
    expect(messages[0]).toMatch(
      /^Attempt failed: [\w.:]+ returned HTTP 429\. Retrying in \d+ s\.$/,
    );
  });
});

describe('an aborted probe', () => {
  it('throws the reason while it waits for a retry', async () => {
    fixture.testbed.faults.proxy = { kind: 'rate-limited', requests: 99 };
    const cancel = new AbortController();
    const reason = new Error('cancelled');
    const request = fixture.probe(fixture.testbed.proxy.address, {
      signal: cancel.signal,
      retryPolicy: { attempts: 9, pause: 60_000, longest: 60_000 },
      info: () => cancel.abort(reason),
    });
    await expect(request).rejects.toBe(reason);
  });
});
