import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { fetchUpgradeChannel } from '../../src/cluster/cluster.ts';
import { type HttpClient, openHttpClient } from '../../src/http/client.ts';
import { startTestbed, type Testbed, type TestbedOptions } from '../../testbed/testbed.ts';

const signal = new AbortController().signal;
const testbeds: Testbed[] = [];
let network: HttpClient;

async function clusterOf(options: TestbedOptions): Promise<Testbed> {
  const testbed = await startTestbed({ teleportVersion: '16.4.0', ...options });
  testbeds.push(testbed);
  return testbed;
}

beforeAll(() => {
  network = openHttpClient({ env: {}, extraCaFile: undefined });
});
afterAll(async () => {
  network.close();
  for (const testbed of testbeds) await testbed[Symbol.asyncDispose]();
});

async function channelOf(testbed: Testbed): Promise<string | undefined> {
  const own = openHttpClient({ env: {}, extraCaFile: testbed.caFile });
  try {
    return await fetchUpgradeChannel(testbed.proxy.address, { network: own, signal });
  } finally {
    own.close();
  }
}

const paths = (testbed: Testbed): readonly string[] =>
  testbed.proxy.requests.map(({ path }) => path);

describe('the channel for automatic upgrades', () => {
  it('is fetched if /webapi/ping reports one', async () => {
    const testbed = await clusterOf({ automaticUpgrades: true, channelVersion: '16.3.1' });
    expect(await channelOf(testbed)).toBe('v16.3.1');
    expect(paths(testbed)[0]).toBe('/webapi/ping');
  });

  it('is not fetched if /webapi/ping reports none', async () => {
    const testbed = await clusterOf({ channelVersion: '16.3.1' });
    expect(await channelOf(testbed)).toBeUndefined();
    expect(paths(testbed)).toEqual(['/webapi/ping']);
  });

  it.each([undefined, 'none'])('is undefined for the version %s', async (channelVersion) => {
    const options = channelVersion === undefined ? {} : { channelVersion };
    const testbed = await clusterOf({ automaticUpgrades: true, ...options });
    expect(await channelOf(testbed)).toBeUndefined();
  });

  it('is undefined if the response is invalid', async () => {
    const testbed = await clusterOf({ automaticUpgrades: true });
    testbed.faults.proxy = { kind: 'html' };
    expect(await channelOf(testbed)).toBeUndefined();
  });

  it('throws the reason of the signal', async () => {
    const testbed = await clusterOf({ automaticUpgrades: true });
    const reason = new Error('cancelled');
    const request = fetchUpgradeChannel(testbed.proxy.address, {
      network,
      signal: AbortSignal.abort(reason),
    });
    await expect(request).rejects.toBe(reason);
  });
});
