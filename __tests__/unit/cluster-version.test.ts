import { describe, expect, it } from 'vitest';

import { checkExpected } from '../../src/cluster/expected.ts';
import type { Cluster } from '../../src/cluster/find.ts';
import { checkVersion, versionWanted } from '../../src/cluster/version.ts';
import { Problem } from '../../src/problem.ts';

const cluster: Cluster = {
  name: 'rig.example.com',
  serverVersion: '18.2.4',
  minClientVersion: '17.0.0-aa',
  edition: 'oss',
  fips: false,
  automaticUpgrades: false,
  tlsRouting: true,
};

describe('which tbot is wanted', () => {
  it('auto: what the cluster runs', () => {
    expect(versionWanted({ kind: 'auto' }, cluster)).toBe('18.2.4');
  });
  it('an exact one', () => {
    expect(versionWanted({ kind: 'exact', version: '17.7.1' }, cluster)).toBe('17.7.1');
  });
  it('installed: whatever is there', () => {
    expect(versionWanted({ kind: 'installed' }, cluster)).toBeUndefined();
  });
});

const verdict = (version: string, of: Cluster = cluster): Problem | 'fits' => {
  try {
    checkVersion(version, of, 'version');
    return 'fits';
  } catch (error) {
    if (error instanceof Problem) return error;
    throw error;
  }
};

describe('what fits a cluster', () => {
  it.each(['18.2.4', '18.11.3', '18.0.0-rc.1', '17.0.0', '17.0.0-alpha.1', '17.0.0-aa'])(
    '%s fits 18.2.4 with minimum 17.0.0-aa',
    (version) => {
      expect(verdict(version)).toBe('fits');
    },
  );

  it.each([
    ['19.0.0', 'newer major'],
    ['19.0.0-dev', 'newer major'],
    ['16.5.18', 'older than 17.0.0-aa'],
    ['nonsense', 'not a version'],
  ])('%s does not: %s', (version, words) => {
    const problem = verdict(version);
    expect(problem).toMatchObject({ code: 'version', message: expect.stringContaining(words) });
  });

  it('is nothing where the cluster itself has no version', () => {
    expect(verdict('18.2.4', { ...cluster, serverVersion: 'next' })).toMatchObject({
      code: 'version',
      message: '`next` is not a version of Teleport.',
    });
  });

  it('says what to write instead', () => {
    expect(verdict('19.0.0')).toMatchObject({ fix: expect.stringContaining('version: 18.2.4') });
    expect(() => checkVersion('19.0.0', cluster, 'tbot-path')).toThrow(
      expect.objectContaining({ fix: expect.stringContaining('tbot-path') }),
    );
  });

  it('a cluster that names no minimum takes every older one', () => {
    const { minClientVersion: _, ...silent } = cluster;
    expect(verdict('14.0.0', silent)).toBe('fits');
  });

  it('a development build fits its own cluster', () => {
    const dev = { ...cluster, serverVersion: '15.0.0-dev', minClientVersion: '14.0.0' };
    expect(verdict('15.0.0-dev', dev)).toBe('fits');
    expect(verdict('15.0.0', dev)).toBe('fits');
  });
});

describe('expected-cluster', () => {
  it.each([
    ['rig.example.com', undefined],
    ['rig.example.com', 'rig.example.com'],
  ])('%s with %s is right', (name, expected) => {
    expect(() => checkExpected(name, expected, 'The proxy serves the cluster')).not.toThrow();
  });

  it('another is a Problem with both names', () => {
    expect(() => checkExpected('evil.example.com', 'rig.example.com', 'The proxy serves')).toThrow(
      expect.objectContaining({
        code: 'wrong-cluster',
        message: 'The proxy serves evil.example.com, and `expected-cluster` is rig.example.com.',
      }),
    );
  });
});
