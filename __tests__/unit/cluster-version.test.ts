import { describe, expect, it } from 'vitest';

import { checkExpected } from '../../src/cluster/expected-cluster.ts';
import type { Cluster } from '../../src/cluster/cluster.ts';
import { checkTools, checkVersion, versionFor } from '../../src/cluster/version.ts';
import { Problem } from '../../src/problem.ts';

const cluster: Cluster = {
  name: 'rig.example.com',
  serverVersion: '18.2.4',
  minClientVersion: '17.0.0-aa',
  edition: 'community',
  fips: false,
};

const seven = async (): Promise<string> => 'v17.7.1';
const none = async (): Promise<string | undefined> => undefined;

describe('the version that a cluster selects', () => {
  const updates = (agentVersion?: string, toolsVersion?: string): Cluster => ({
    ...cluster,
    autoUpdate: { ...(agentVersion && { agentVersion }), ...(toolsVersion && { toolsVersion }) },
  });

  it.each([
    ['the version of the cluster without managed updates', cluster, '18.2.4'],
    ['the version of the cluster if managed updates select none', updates(), '18.2.4'],
    ['agent_version', updates('v18.2.1'), '18.2.1'],
    ['agent_version, whatever tools_version is', updates('18.2.1', '18.2.2'), '18.2.1'],
  ] as const)('for tbot is %s', async (_, of, version) => {
    expect(await versionFor(of, [], none)).toEqual({ version, notices: [] });
  });

  it.each([
    ['tools_version', updates('18.2.1', '18.2.2'), '18.2.2'],
    ['agent_version without a tools_version', updates('18.2.1'), '18.2.1'],
  ] as const)('for tsh and tctl is %s', async (_, of, version) => {
    expect(await versionFor(of, ['tsh', 'tctl'], none)).toEqual({ version, notices: [] });
  });

  it.each([
    [
      'newer major',
      updates('19.0.0'),
      [],
      '19.0.0 (agent_version), which is ignored because the cluster',
    ],
    ['older than the minimum', updates('16.5.0'), [], '16.5.0 (agent_version), which is ignored'],
    [
      'not a version',
      updates('latest'),
      [],
      'latest (agent_version), which is ignored because it is not a',
    ],
    ['tools of a newer major', updates('', '19.0.0'), ['tsh'], '19.0.0 (tools_version), which is'],
  ] as const)('is ignored with a notice: %s', async (_, of, tools, words) => {
    const { version, notices } = await versionFor(of, tools, none);
    expect(version).toBe('18.2.4');
    expect(notices).toEqual([expect.stringContaining(words)]);
  });

  it('is agent_version if tools_version is ignored', async () => {
    const { minClientVersion: _, ...old } = updates('18.2.1', '16.5.0');
    const { version, notices } = await versionFor(old, ['tsh'], none);
    expect([version, notices.length]).toEqual(['18.2.1', 1]);
  });

  it('is that of the channel only without managed updates', async () => {
    expect(await versionFor(cluster, [], seven)).toEqual({ version: '17.7.1', notices: [] });
    expect(await versionFor(updates(), [], seven)).toEqual({ version: '18.2.4', notices: [] });
    expect(await versionFor(cluster, [], async () => 'newest')).toMatchObject({
      version: '18.2.4',
      notices: [expect.stringContaining('newest (the upgrade channel)')],
    });
  });
});

describe('tsh and tctl', () => {
  it.each(['18.9.0', '17.0.0'])('%s are accepted', (version) => {
    expect(() => checkTools(['tsh'], version, cluster)).not.toThrow();
  });
  it('may be at most one major version older, unlike tbot', () => {
    const { minClientVersion: _, ...old } = cluster;
    expect(() => checkTools(['tsh', 'tctl'], '16.5.0', old)).toThrow('tsh and tctl 16.5.0');
    expect(() => checkTools([], '16.5.0', old)).not.toThrow();
  });
});

const verdict = (version: string, of: Cluster = cluster): Problem | 'compatible' => {
  try {
    checkVersion(version, of, 'version');
    return 'compatible';
  } catch (error) {
    if (error instanceof Problem) return error;
    throw error;
  }
};

describe('checkVersion', () => {
  it.each(['18.2.4', '18.11.3', '18.0.0-rc.1', '17.0.0', '17.0.0-alpha.1', '17.0.0-aa'])(
    'accepts %s for 18.2.4 with minimum 17.0.0-aa',
    (version) => {
      expect(verdict(version)).toBe('compatible');
    },
  );

  it.each([
    ['19.0.0', 'does not support newer major versions'],
    ['19.0.0-dev', 'does not support newer major versions'],
    ['16.5.18', 'requires 17.0.0-aa or newer'],
    ['nonsense', 'not a Teleport version'],
  ])('rejects %s: %s', (version, words) => {
    const problem = verdict(version);
    expect(problem).toMatchObject({ code: 'version', message: expect.stringContaining(words) });
  });

  it('rejects an invalid version of the cluster', () => {
    expect(verdict('18.2.4', { ...cluster, serverVersion: 'next' })).toMatchObject({
      code: 'version',
      message: '`next` is not a Teleport version.',
    });
  });

  it('suggests a version', () => {
    expect(verdict('19.0.0')).toMatchObject({ fix: expect.stringContaining('version: 18.2.4') });
    expect(() => checkVersion('19.0.0', cluster, 'tbot-path')).toThrow(
      expect.objectContaining({ fix: expect.stringContaining('tbot-path') }),
    );
  });

  it('accepts any older version without a minimum', () => {
    const { minClientVersion: _, ...silent } = cluster;
    expect(verdict('14.0.0', silent)).toBe('compatible');
  });

  it('accepts a development build for its own cluster', () => {
    const dev = { ...cluster, serverVersion: '15.0.0-dev', minClientVersion: '14.0.0' };
    expect(verdict('15.0.0-dev', dev)).toBe('compatible');
    expect(verdict('15.0.0', dev)).toBe('compatible');
  });
});

describe('expected-cluster', () => {
  const served = { intro: 'The proxy serves', input: 'proxy' } as const;

  it.each([
    ['rig.example.com', undefined],
    ['rig.example.com', 'rig.example.com'],
  ])('accepts %s for %s', (name, expected) => {
    expect(() => checkExpected(name, expected, served)).not.toThrow();
  });

  it('rejects another name and shows both', () => {
    expect(() => checkExpected('evil.example.com', 'rig.example.com', served)).toThrow(
      expect.objectContaining({
        code: 'wrong-cluster',
        message:
          'The proxy serves `evil.example.com`, but `expected-cluster` is `rig.example.com`.',
      }),
    );
  });
});
