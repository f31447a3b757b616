import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';

import { openStage, type Stage, timeouts } from './cluster.stage.ts';

let stage: Stage;

beforeAll(async () => {
  stage = await openStage();
});
afterEach(() => stage.next());
afterAll(async () => stage[Symbol.asyncDispose]());

describe('asking a proxy', () => {
  it('is one request without credentials', async () => {
    const before = stage.testbed.proxy.requests.length;
    const cluster = await stage.ask(stage.testbed.proxy.address);
    expect(cluster).toMatchObject({
      name: 'rig.example.com',
      serverVersion: '18.2.4',
      edition: 'community',
      fips: false,
    });
    expect(stage.testbed.proxy.requests.slice(before)).toEqual([
      expect.objectContaining({ method: 'GET', path: '/webapi/find' }),
    ]);
  });

  it('waits for one that is slow', async () => {
    stage.testbed.faults.proxy = { kind: 'slow', milliseconds: 100 };
    expect(
      (await stage.ask(stage.testbed.proxy.address, { timeouts: { ...timeouts, answer: 5000 } }))
        .name,
    ).toBe('rig.example.com');
  });

  it.each([undefined, 0, 1])('goes on after 429 (Retry-After %s)', async (retryAfter) => {
    stage.testbed.faults.proxy = {
      kind: 'rate-limited',
      requests: 2,
      ...(retryAfter !== undefined && { retryAfter }),
    };
    const told: string[] = [];
    const cluster = await stage.ask(stage.testbed.proxy.address, {
      info: (line) => told.push(line),
    });
    expect(cluster.name).toBe('rig.example.com');
    expect(told).toHaveLength(2);
    expect(told[0]).toMatch(/answers with status 429\. Trying again in \d+ s\./);
  });
});

describe('an end from outside', () => {
  it('is thrown as it is, also while waiting to try again', async () => {
    stage.testbed.faults.proxy = { kind: 'rate-limited', requests: 99 };
    const cancel = new AbortController();
    const reason = new Error('cancelled');
    const asking = stage.ask(stage.testbed.proxy.address, {
      signal: cancel.signal,
      retryPolicy: { attempts: 9, pause: 60_000, longest: 60_000 },
      info: () => cancel.abort(reason),
    });
    await expect(asking).rejects.toBe(reason);
  });
});
