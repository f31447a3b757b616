import { readdir } from 'node:fs/promises';
import { join } from 'node:path';

import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';

import { install } from '../../src/install/install.ts';
import { openHttpClient } from '../../src/http/client.ts';
import type { Problem } from '../../src/problem.ts';
import { listenHttp } from '../../testbed/loopback.ts';
import { type Change, openFixture, type Fixture } from './install.fixture.ts';

let fixture: Fixture;

beforeAll(async () => {
  fixture = await openFixture();
});
beforeEach(async () => fixture.next());
afterAll(async () => fixture[Symbol.asyncDispose]());

/** Returns the Problem of a failed installation, which leaves no file. */
const failing = async (change: Change = {}): Promise<Problem> => {
  const found = await fixture.problem(change);
  expect(await readdir(fixture.directory)).toEqual([]);
  return found;
};

describe('a failed download', () => {
  it.each([
    [{ kind: 'half' }, 'download', 'in the middle of the response'],
    [{ kind: 'status', status: 404 }, 'download', 'returned HTTP 404'],
    [{ kind: 'status', status: 500 }, 'download', 'returned HTTP 500'],
    [{ kind: 'status', status: 429 }, 'download', 'is rate-limiting this IP address (HTTP 429)'],
    [{ kind: 'html' }, 'download', 'web page'],
    [{ kind: 'wrong-checksum' }, 'checksum', 'published checksum'],
    [{ kind: 'no-checksum' }, 'checksum', 'No checksum'],
  ] as const)('reports %j as %s', async (fault, code, words) => {
    fixture.testbed.faults.downloads = fault;
    const found = await failing();
    expect(found).toMatchObject({ code, message: expect.stringContaining(words) });
  });

  it('reports both digests if `checksum` does not match', async () => {
    const checksum = ['0'.repeat(64)];
    const inputs = { checksum, version: { kind: 'exact', version: '18.2.4' } } as const;
    const found = await failing({ inputs });
    expect(found).toMatchObject({ code: 'checksum' });
    expect(found.facts?.lines).toHaveLength(2);
  });

  it('reports a site that refuses the connection', async () => {
    const found = await failing({ inputs: { mirror: 'https://127.0.0.1:1' } });
    expect(found).toMatchObject({ code: 'download', message: expect.stringContaining('refused') });
  });

  it('suggests `extra-ca-file` for an untrusted site', async () => {
    const found = await failing({ network: openHttpClient({ env: {}, extraCaFile: undefined }) });
    expect(found).toMatchObject({ code: 'download' });
    expect(found.fix).toContain('extra-ca-file');
  });

  it('reports a redirect to a URL without TLS', async () => {
    const site = await listenHttp((_, response) => {
      response.writeHead(302, { location: 'http://elsewhere.example.com/x' }).end();
    });
    const found = await failing({ inputs: { mirror: site.url } });
    expect(found).toMatchObject({ code: 'download', message: expect.stringContaining('TLS') });
    await site.close();
  });

  it('reports a directory that does not exist', async () => {
    const found = await failing({ directory: join(fixture.directory, 'none') });
    expect(found).toMatchObject({ code: 'download', message: expect.stringContaining('ENOENT') });
  });

  it.each([
    ['freebsd', 'x64'],
    ['linux', 's390x'],
    ['aix', 'ppc64'],
  ] as const)('reports that there is no build for %s %s', async (platform, arch) => {
    expect(await failing({ platform, arch })).toMatchObject({ code: 'platform' });
  });

  it('throws the reason of an aborted signal', async () => {
    fixture.testbed.faults.downloads = { kind: 'slow', bytesPerSecond: 1000 };
    const cancel = new AbortController();
    const reason = new Error('cancelled');
    setTimeout(() => cancel.abort(reason), 300);
    await expect(install(fixture.request({ signal: cancel.signal }))).rejects.toBe(reason);
  });
});
