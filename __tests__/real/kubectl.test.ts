import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type RunningJob, startJob } from './job.fixture.ts';
import { environment, needs, programPath } from '../requirements.ts';

const execute = promisify(execFile);
const kubectl = programPath('kubectl');
const embedded = 'disable_exec_plugin: true';
const hidden: unknown = expect.stringMatching(/OMITTED|REDACTED/);

describe.each([
  { version: '15.4.9', types: ['kubernetes'] },
  { version: '17.2.7', types: ['kubernetes', 'kubernetes/v2'] },
  { version: '18.2.4', types: ['kubernetes', 'kubernetes/v2'] },
  { version: '19.0.0', types: ['kubernetes', 'kubernetes/v2'] },
])('kubectl with the files of tbot $version', needs('kubectl'), ({ version, types }) => {
  let job: RunningJob;
  beforeAll(async () => {
    job = await startJob(version, { services: types.flatMap(bothWays).join('') });
  });
  afterAll(async () => await job[Symbol.asyncDispose]());
  const ask = async (name: string, ...words: string[]) => await askWith(job, name, words);
  const folders = types.flatMap((type) => [`${nameOf(type)}-exec`, `${nameOf(type)}-embedded`]);

  it.each(folders)('finds the current context in %s', async (folder) => {
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

  it.each(folders)('connects to the cluster with %s', async (folder) => {
    expect(await ask(folder, 'version', '-o', 'json')).toContain('"gitVersion": "v1.32.0"');
    expect(await ask(folder, 'get', 'pods', '-o', 'name')).toBe('pod/prod-pod\n');
  });

  it('reports a missing exec plugin', async () => {
    const plugin = `--kubeconfig=${job.file('kubernetes-exec', 'kubeconfig')}`;
    const user = ['config', 'set-credentials', 'rig.example.com-prod'];
    await ask('kubernetes-exec', plugin, ...user, '--exec-command=/gone/tbot');
    await expect(ask('kubernetes-exec', 'get', 'pods')).rejects.toMatchObject({
      stderr: expect.stringMatching(/exec.*\/gone\/tbot.*(not found|no such file)/),
    });
  });
});

describe.each(['17.2.7', '18.2.4', '19.0.0'])(
  'a kubeconfig of several clusters by tbot %s',
  needs('kubectl'),
  (version) => {
    it('connects kubectl to each of them', async () => {
      await using job = await startJob(version, { services: bothWays('kubernetes/v2').join('') });
      const staging = ['--context', 'rig.example.com-staging', 'get', 'pods', '-o', 'name'];
      for (const name of ['v2-exec', 'v2-embedded']) {
        expect(await askWith(job, name, staging)).toBe('pod/staging-pod\n');
      }
    });
  },
);

async function askWith(job: RunningJob, name: string, words: readonly string[]): Promise<string> {
  const env = {
    ...environment,
    HOME: job.testbed.directory,
    KUBECONFIG: job.file(name, 'kubeconfig'),
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
    `- {name: ${nameOf(type)}-exec, type: ${type}, ${what}}\n`,
    `- {name: ${nameOf(type)}-embedded, type: ${type}, ${what}, ${embedded}}\n`,
  ];
}

function nameOf(type: string): string {
  return type.replace('kubernetes/', '');
}

describe('the exported KUBECONFIG', needs('kubectl'), () => {
  it('lists all kubeconfigs, needs no tbot and is removed after the job', async () => {
    const services = '[{type: kubernetes, kubernetes_cluster: staging, disable_exec_plugin: true}]';
    await using job = await startJob('18.2.4', { services, 'kubernetes-cluster': 'prod' });
    const contexts = await job.later('kubectl config get-contexts -o name');
    expect(contexts.raw.trim().split('\n')).toEqual(
      expect.arrayContaining(['rig.example.com-prod', 'rig.example.com-staging']),
    );
    const pods =
      'for name in prod staging; do kubectl --context "rig.example.com-$name" get pods -o name; done';
    expect((await job.later(`PATH=/usr/bin:/bin; ${pods}`)).raw).toBe(
      'pod/prod-pod\npod/staging-pod',
    );
    const path = job.outputs['kubeconfig'] ?? '';
    const end = await job.finish();
    expect(end.leftInTemp).toEqual([]);
    const env = { ...environment, HOME: job.testbed.directory, KUBECONFIG: path };
    await expect(execute(kubectl, ['get', 'pods'], { env })).rejects.toMatchObject({ code: 1 });
  });
});
