import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  type Run,
  service,
  type ServiceStage,
  startServiceStage,
} from '../world/testbed-services.stage.ts';
import { environment, findProgram } from './programs.ts';

const execute = promisify(execFile);
const kubectl = findProgram('kubectl', 'no kubeconfig was used') ?? '';
const embedded = 'disable_exec_plugin: true';
const hidden: unknown = expect.stringMatching(/OMITTED|REDACTED/);

describe.runIf(kubectl).each([
  { version: '15.4.9', types: ['kubernetes'] },
  { version: '17.2.7', types: ['kubernetes', 'kubernetes/v2'] },
  { version: '18.2.4', types: ['kubernetes', 'kubernetes/v2'] },
  { version: '19.0.0', types: ['kubernetes', 'kubernetes/v2'] },
])('kubectl with the files of tbot $version', ({ version, types }) => {
  let stage: ServiceStage;
  let run: Run;
  beforeAll(async () => {
    stage = await startServiceStage({ teleportVersion: version });
    run = await stage.run(version, types.flatMap(bothWays));
  });
  afterAll(async () => await stage[Symbol.asyncDispose]());
  const ask = async (folder: string, ...words: string[]) => await askWith(run, folder, words);
  const folders = types.flatMap((type) => [`${type}-exec`, `${type}-embedded`]);

  it.each(folders)('sees one current context in %s', async (folder) => {
    const context = await ask(folder, 'config', 'current-context');
    expect(context).toBe('rig.example.com-prod\n');
    const view = await ask(folder, 'config', 'view', '--minify', '-o', 'json');
    expect(JSON.parse(view)).toMatchObject({
      'current-context': 'rig.example.com-prod',
      clusters: [{ name: 'rig.example.com-prod' }],
      users: [
        {
          user: folder.endsWith('exec') ? { exec: {} } : { 'client-key-data': hidden },
        },
      ],
    });
  });

  it.each(folders)('asks the cluster with %s', async (folder) => {
    expect(await ask(folder, 'version', '-o', 'json')).toContain('"gitVersion": "v1.32.0"');
    expect(await ask(folder, 'get', 'pods', '-o', 'name')).toBe('pod/prod-pod\n');
  });

  it('is told when the program of the plugin is gone', async () => {
    const plugin = `--kubeconfig=${join(run.directory, 'kubernetes-exec', 'kubeconfig.yaml')}`;
    const user = ['config', 'set-credentials', 'rig.example.com-prod'];
    await ask('kubernetes-exec', plugin, ...user, '--exec-command=/gone/tbot');
    await expect(ask('kubernetes-exec', 'get', 'pods')).rejects.toMatchObject({
      stderr: expect.stringMatching(/exec.*\/gone\/tbot.*(not found|no such file)/),
    });
  });
});

describe.runIf(kubectl).each(['17.2.7', '18.2.4', '19.0.0'])(
  'a kubeconfig of several clusters by tbot %s',
  (version) => {
    it('leads kubectl to each of them', async () => {
      await using stage = await startServiceStage({ teleportVersion: version });
      const run = await stage.run(version, bothWays('kubernetes/v2'));
      const staging = ['--context', 'rig.example.com-staging', 'get', 'pods', '-o', 'name'];
      for (const folder of ['kubernetes/v2-exec', 'kubernetes/v2-embedded']) {
        expect(await askWith(run, folder, staging)).toBe('pod/staging-pod\n');
      }
    });
  },
);

async function askWith(run: Run, folder: string, words: readonly string[]): Promise<string> {
  const env = {
    ...environment,
    HOME: run.directory,
    KUBECONFIG: join(run.directory, folder, 'kubeconfig.yaml'),
  };
  const { stdout } = await execute(kubectl, [...words], { env });
  return stdout;
}

function bothWays(type: string): string[] {
  const what =
    type === 'kubernetes'
      ? 'kubernetes_cluster: prod'
      : 'selectors: [{name: prod}, {labels: {env: staging}}]';
  return [
    service(`${type}-exec`, type, what),
    service(`${type}-embedded`, type, `${what}, ${embedded}`),
  ];
}
