import * as fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { type Cluster, fetchCluster } from '../../src/cluster/cluster.ts';
import type { HttpClient } from '../../src/http/client.ts';
import { Problem } from '../../src/problem.ts';
import { type Listener, listenHttps } from '../../testbed/loopback.ts';
import { type Fixture, never, openFixture } from './http.fixture.ts';

let fixture: Fixture;
let server: Listener;
/** Keeps one connection to the server. */
let network: HttpClient;
/** The next response of the server. */
let body = '';

beforeAll(async () => {
  fixture = await openFixture();
  network = fixture.network();
  server = await listenHttps(fixture.certificate, (_, response) => void response.end(body));
});
afterAll(async () => {
  await fixture.clear();
  await server.close();
  await fixture[Symbol.asyncDispose]();
});

/** Recorded from a cluster 15.0.0-dev. */
const recorded = {
  proxy: {
    kube: { enabled: true, listen_addr: '127.0.0.1:3080' },
    ssh: { listen_addr: '127.0.0.1:3080', public_addr: 'rig.example.com:3080' },
    db: { postgres_listen_addr: '127.0.0.1:3080', mysql_listen_addr: '127.0.0.1:3080' },
    tls_routing_enabled: true,
  },
  server_version: '15.0.0-dev',
  min_client_version: '14.0.0',
  cluster_name: 'rig.example.com',
  automatic_upgrades: false,
};

const later = {
  ...recorded,
  server_version: '18.2.4',
  min_client_version: '17.0.0-aa',
  edition: 'ent',
  fips: true,
  auto_update: {
    tools_version: '18.2.4',
    agent_version: '18.2.3',
    agent_auto_update: true,
    agent_update_jitter_seconds: 60,
  },
};

/** Fetches the cluster from a proxy that sends this response. */
async function fetched(text: string): Promise<Cluster> {
  body = text;
  return fetchCluster(`127.0.0.1:${server.port}`, { network, signal: never });
}

const parse = async (json: unknown): Promise<Cluster> => fetched(JSON.stringify(json));

describe('the response of /webapi/find', () => {
  it('is parsed for a cluster 15', async () => {
    expect(await parse(recorded)).toEqual({
      name: 'rig.example.com',
      serverVersion: '15.0.0-dev',
      minClientVersion: '14.0.0',
      edition: 'community',
      fips: false,
    });
  });

  it('is parsed for a cluster 18', async () => {
    expect(await parse(later)).toMatchObject({
      edition: 'enterprise',
      fips: true,
      autoUpdate: { agentVersion: '18.2.3', toolsVersion: '18.2.4' },
    });
  });

  it.each([
    ['ent', 'enterprise'],
    ['community', 'community'],
    ['oss', 'oss'],
    ['something-new', 'community'],
    [undefined, 'community'],
  ])('with edition %s means %s', async (edition, expected) => {
    expect(await parse({ ...later, edition })).toMatchObject({ edition: expected });
  });

  it.each([
    ['18.2', '18.2'],
    [18, 'number'],
    [{ version: '18.2.4' }, 'object'],
    ['x'.repeat(500), 'x'.repeat(100)],
  ])('keeps an unusable version of managed updates unparsed: %j', async (version, expected) => {
    const auto_update = { agent_version: version, tools_version: '' };
    expect(await parse({ ...later, auto_update })).toMatchObject({
      autoUpdate: { agentVersion: expected },
    });
  });

  it('treats empty and null values as absent', async () => {
    const sparse = { ...later, min_client_version: '', auto_update: null, proxy: null, fips: null };
    const found = await parse(sparse);
    expect(found).not.toHaveProperty('minClientVersion');
    expect(found).not.toHaveProperty('autoUpdate');
    expect(found).toMatchObject({ fips: false });
  });

  it('loses the `v` before a version', async () => {
    expect(await parse({ ...later, server_version: '18.2.4+build.1' })).toMatchObject({
      serverVersion: '18.2.4',
    });
    expect(await parse({ ...later, server_version: 'v18.2.4' })).toMatchObject({
      serverVersion: '18.2.4',
    });
  });
});

/** Returns the name of the cluster or the message of `not-teleport`. Any other error is a bug. */
async function outcome(text: string): Promise<string> {
  try {
    return `cluster: ${(await fetched(text)).name}`;
  } catch (error) {
    if (error instanceof Problem && error.code === 'not-teleport')
      return `not Teleport: ${error.message}`;
    throw error;
  }
}

/** Matches the outcome of a Problem `not-teleport` with these words. */
function rejection(words: string): RegExp {
  return new RegExp(`^not Teleport: .*${words}`);
}

describe('a response that is not from a Teleport Proxy', () => {
  it.each([
    ['a web page', '<!doctype html><title>Sign in</title>', 'web page'],
    ['a web page after white space', '\n  <html>', 'web page'],
    ['text', 'ok', 'not JSON'],
    ['nothing', '', 'not JSON'],
    ['other JSON', '{"status":"ok"}', 'without the fields of a Teleport Proxy'],
    ['a list', '[]', 'without the fields of a Teleport Proxy'],
    ['null', 'null', 'without the fields of a Teleport Proxy'],
    ['a number', '7', 'without the fields of a Teleport Proxy'],
  ])('is rejected: %s', async (_, text, words) => {
    expect(await outcome(text)).toMatch(rejection(words));
  });

  it.each([
    ['', 'cluster_name'],
    [7, 'cluster_name'],
    ['two lines\n::error::x', 'cluster_name'],
    ['with space', 'cluster_name'],
    ['../../etc', 'cluster_name'],
    ['a\\b', 'cluster_name'],
    ['\u001b[31mred', 'cluster_name'],
    ['x'.repeat(254), 'cluster_name'],
  ])('is rejected: cluster_name %j', async (name, words) => {
    expect(await outcome(JSON.stringify({ ...later, cluster_name: name }))).toMatch(
      rejection(words),
    );
  });

  it.each([
    [{ server_version: undefined }, 'server_version'],
    [{ server_version: 18 }, 'server_version'],
    [{ server_version: '18' }, 'server_version'],
    [{ server_version: '18.2.4\n::error::' }, 'server_version'],
    [{ min_client_version: 'old' }, 'min_client_version'],
    [{ min_client_version: 17 }, 'min_client_version'],
    [{ fips: 'yes' }, 'fips'],
    [{ edition: 7 }, 'edition'],
    [{ auto_update: 'on' }, 'without the fields of a Teleport Proxy'],
  ])('is rejected: %j', async (change, words) => {
    expect(await outcome(JSON.stringify({ ...later, ...change }))).toMatch(rejection(words));
  });

  it('never causes another error', async () => {
    const strange = fc
      .json()
      .map((json) => `{"cluster_name":"a","server_version":"18.2.4","auto_update":${json}}`);
    await fc.assert(
      fc.asyncProperty(fc.oneof(fc.string(), fc.json(), strange), async (text) => {
        expect(await outcome(text)).toMatch(/^(cluster|not Teleport): ./);
      }),
    );
  });
});
