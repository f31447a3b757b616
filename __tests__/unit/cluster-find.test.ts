import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { NotTeleport, parseFind } from '../../src/cluster/find-response.ts';

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

const parse = (answer: unknown): unknown => parseFind(JSON.stringify(answer));

describe('the answer of /webapi/find', () => {
  it('of a cluster 15', () => {
    expect(parse(recorded)).toEqual({
      name: 'rig.example.com',
      serverVersion: '15.0.0-dev',
      minClientVersion: '14.0.0',
      edition: 'community',
      fips: false,
    });
  });

  it('of a cluster 18', () => {
    expect(parse(later)).toMatchObject({
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
  ])('edition %s is %s', (edition, expected) => {
    expect(parse({ ...later, edition })).toMatchObject({ edition: expected });
  });

  it.each([
    ['18.2', '18.2'],
    [18, 'number'],
    [{ version: '18.2.4' }, 'object'],
    ['x'.repeat(500), 'x'.repeat(100)],
  ])('keeps a version that managed updates name in no usable form: %j', (version, expected) => {
    const auto_update = { agent_version: version, tools_version: '' };
    expect(parse({ ...later, auto_update })).toMatchObject({
      autoUpdate: { agentVersion: expected },
    });
  });

  it('what is empty or null is absent', () => {
    const sparse = { ...later, min_client_version: '', auto_update: null, proxy: null, fips: null };
    const found = parse(sparse);
    expect(found).not.toHaveProperty('minClientVersion');
    expect(found).not.toHaveProperty('autoUpdate');
    expect(found).toMatchObject({ fips: false });
  });

  it('a `v` in front of a version is left out', () => {
    expect(parse({ ...later, server_version: '18.2.4+build.1' })).toMatchObject({
      serverVersion: '18.2.4',
    });
    expect(parse({ ...later, server_version: 'v18.2.4' })).toMatchObject({
      serverVersion: '18.2.4',
    });
  });
});

/** What was understood, or why not; anything else that is thrown is a bug. */
function outcome(text: string): string {
  try {
    return `cluster: ${parseFind(text).name}`;
  } catch (error) {
    if (error instanceof NotTeleport) return `not Teleport: ${error.message}`;
    throw error;
  }
}

describe('what is not the answer of a Teleport Proxy', () => {
  it.each([
    ['a page', '<!doctype html><title>Sign in</title>', 'web page'],
    ['a page after a gap', '\n  <html>', 'web page'],
    ['text', 'ok', 'not JSON'],
    ['nothing', '', 'not JSON'],
    ['other JSON', '{"status":"ok"}', 'something else'],
    ['a list', '[]', 'something else'],
    ['null', 'null', 'something else'],
    ['a number', '7', 'something else'],
  ])('%s', (_, text, words) => {
    expect(() => parseFind(text)).toThrow(NotTeleport);
    expect(() => parseFind(text)).toThrow(words);
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
  ])('cluster_name %j', (name, words) => {
    expect(() => parse({ ...later, cluster_name: name })).toThrow(words);
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
    [{ auto_update: 'on' }, 'something else'],
  ])('%j', (change, words) => {
    expect(() => parse({ ...later, ...change })).toThrow(words);
  });

  it('anything at all is either understood or NotTeleport', () => {
    const strange = fc
      .json()
      .map((json) => `{"cluster_name":"a","server_version":"18.2.4","auto_update":${json}}`);
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.json(), strange), (text) => {
        expect(outcome(text)).toMatch(/^(cluster|not Teleport): ./);
      }),
    );
  });
});
