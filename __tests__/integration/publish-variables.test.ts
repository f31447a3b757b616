import { chmod, mkdir, writeFile } from 'node:fs/promises';
import { delimiter, dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Environment } from '../../src/ci/port.ts';
import type { Endpoint } from '../../src/cluster/endpoint.ts';
import { publish } from '../../src/publish/publish.ts';
import type { Credential } from '../../src/services/credential.ts';
import { changeMarker } from '../../src/workdir/workdir.ts';
import { Timeline } from '../../src/timeline.ts';
import { joined, type Published, publishJoin } from '../publishing.ts';
import { runnerFolders } from './workdir.fixture.ts';

const runner = runnerFolders();

const endpoint = { kind: 'proxy', address: 'a.example.com:443' } as const;
const direct = { kind: 'auth-server', address: 'b.example.com:3025', caPins: [] } as const;
const inputs = { ...joined.inputs, endpoint };

/** A credential with these files and no certificate. */
function credential(type: Credential['type'], files: Credential['files'] = {}): Credential {
  return { name: 'one', type, dir: '/home-2', files, expiresAt: undefined, certificate: undefined };
}

/** Publishes a credential without files. */
function withoutFiles(env: Environment): Promise<Published> {
  const credentials = [credential('application')];
  return publishJoin(runner.env(env), { inputs, credentials });
}

async function namesFor(env: Environment): Promise<readonly string[]> {
  return Object.keys((await withoutFiles(env)).variables);
}

/** Creates the directory of a call of this job, or of another, that exported variables. */
async function call(
  exported: Readonly<Record<string, string>>,
  by?: string,
  job: Environment = {},
): Promise<void> {
  const { path, marker } = await runner.workdir(job);
  await changeMarker(path, {
    ...marker,
    exported: Object.entries(exported).map(([name, value]) => ({ name, value, before: '' })),
    ...(by === undefined ? {} : { endpoint: by }),
  });
}

describe('TELEPORT_AUTH_SERVER', () => {
  const without = ['TELEPORT_PROXY', 'TELEPORT_TOOLS_VERSION'];

  it('is set only if PATH contains an executable tctl', async () => {
    const folder = join(dirname(runner.temp), 'with-tctl');
    await mkdir(folder);
    expect(await namesFor({ PATH: `${delimiter}${folder}` })).toEqual(without);
    await writeFile(join(folder, 'tctl'), '#!/bin/sh\n', { mode: 0o644 });
    expect(await namesFor({ PATH: folder })).toEqual(without);
    await chmod(join(folder, 'tctl'), 0o755);
    const { variables, remembered } = await withoutFiles({ PATH: `/nowhere${delimiter}${folder}` });
    expect(variables).toMatchObject({ TELEPORT_AUTH_SERVER: 'a.example.com:443' });
    expect(remembered).toContainEqual({
      name: 'TELEPORT_AUTH_SERVER',
      value: 'a.example.com:443',
      before: '',
    });
  });

  it('is not set without a PATH', async () => {
    expect(await namesFor({})).toEqual(without);
  });
});

describe('the variables of an earlier call', () => {
  const before = {
    TELEPORT_PROXY: endpoint.address,
    TELEPORT_IDENTITY_FILE: '/home-1/identity',
    TELEPORT_CLUSTER: 'leaf.example.com',
    TELEPORT_KEY_AGENT_DIR: '/home-1',
  };
  const files = { identity: '/home-2/identity', kubeconfig: '/home-2/kubeconfig' };

  const publishAs = async (
    type: Credential['type'],
    env: Environment,
    to: Endpoint = endpoint,
  ): Promise<Published['variables']> => {
    const published = await publishJoin(runner.env(env), {
      inputs: { ...inputs, endpoint: to },
      credentials: [credential(type, files)],
      // Installs a tctl beside the Auth Service.
      tool: { ...joined.tool, tools: to === endpoint ? [] : ['/opt/tctl'] },
    });
    return published.variables;
  };

  const publishAfter = async (
    type: Credential['type'],
    env: Environment,
    to: Endpoint = endpoint,
    by = to.address,
  ): Promise<Published['variables']> => {
    await call(before, by);
    return publishAs(type, env, to);
  };

  it('are kept by a call that issues a kubeconfig', async () => {
    expect(await publishAfter('kubernetes/v2', before)).toEqual({
      TELEPORT_PROXY: endpoint.address,
      TELEPORT_TOOLS_VERSION: 'off',
      KUBECONFIG: '/home-2/kubeconfig',
    });
  });

  it('are replaced by those of another identity, and its leaf cluster and key agent are cleared', async () => {
    expect(await publishAfter('identity', before)).toMatchObject({
      TELEPORT_IDENTITY_FILE: '/home-2/identity',
      TELEPORT_CLUSTER: '',
      TELEPORT_KEY_AGENT_DIR: '',
    });
  });

  it('are replaced by those of an identity whose private key is in an agent', async () => {
    expect(await publishAfter('identity/key-agent', before)).toMatchObject({
      TELEPORT_IDENTITY_FILE: '/home-2/identity',
      TELEPORT_KEY_AGENT_DIR: '/home-2',
    });
  });

  it('are kept by a call through the same Auth Service', async () => {
    const own = { TELEPORT_IDENTITY_FILE: '/home-1/identity' };
    expect(await publishAfter('application', own, direct)).not.toHaveProperty(
      'TELEPORT_IDENTITY_FILE',
    );
  });

  it.each([['a.example.com:3025'], [undefined]])(
    'are replaced by a call through an Auth Service if the earlier call joined through %s',
    async (by) => {
      await call(before, by);
      const own = { TELEPORT_IDENTITY_FILE: '/home-1/identity' };
      expect(await publishAs('application', own, direct)).toMatchObject({
        TELEPORT_IDENTITY_FILE: '/home-2/identity',
      });
    },
  );

  it('are replaced by those of another cluster', async () => {
    expect(await publishAfter('kubernetes', before, endpoint, 'b.example.com:443')).toMatchObject({
      TELEPORT_IDENTITY_FILE: '/home-2/identity',
    });
  });

  it('are not those that the workflow has set', async () => {
    const own = { TELEPORT_IDENTITY_FILE: '/own', TELEPORT_CLUSTER: 'own' };
    const variables = await publishAfter('kubernetes', own);
    expect(variables).toMatchObject({ TELEPORT_IDENTITY_FILE: '/home-2/identity' });
    expect(variables).not.toHaveProperty('TELEPORT_CLUSTER');
  });

  it('are those of all calls of this job, and of no other job', async () => {
    await call({ TELEPORT_CLUSTER: 'leaf-0' }, 'a:443');
    await call({ TELEPORT_CLUSTER: 'leaf-1' });
    await call({ TELEPORT_CLUSTER: 'leaf-2' }, 'a:443', { GITHUB_RUN_ID: '16' });
    await mkdir(join(runner.temp, 'machine-id-0000000000000000'));
    for (const [leaf, value] of [
      ['leaf-0', ''],
      ['leaf-1', ''],
      ['leaf-2', undefined],
    ] as const) {
      const variables = await publishAs('identity', { TELEPORT_CLUSTER: leaf });
      expect([leaf, variables['TELEPORT_CLUSTER']]).toEqual([leaf, value]);
    }
  });

  it('cannot be read if RUNNER_TEMP was removed, which is a Problem', async () => {
    const { marker } = await runner.workdir();
    const workdir = { path: '/nowhere/machine-id-0011223344556677', marker };
    const published = publish(joined, workdir, runner.ci(), new Timeline());
    await expect(published).rejects.toMatchObject({ code: 'platform' });
  });
});
