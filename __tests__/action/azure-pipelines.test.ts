import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { assemble } from '../../azure-pipelines/assemble.ts';
import { type AzureDevops, startAzureDevops } from '../../testbed/azure-devops.ts';
import { startTestbed, type Testbed } from '../../testbed/testbed.ts';
import { AzureJob } from './azure-agent.fixture.ts';

let azureDevops: AzureDevops;
let testbed: Testbed;
let extension: string;
let folder: string;
let inputs: Readonly<Record<string, string>>;

beforeAll(async () => {
  azureDevops = await startAzureDevops();
  testbed = await startTestbed({ issuers: { azureDevops: azureDevops.issuer } });
  const organizationId = azureDevops.claims.org_id;
  const allowed = {
    project_name: 'shop',
    pipeline_name: 'deploy',
    repository_ref: 'refs/heads/main',
  };
  for (const [name, rule] of Object.entries({
    'ci-azure-devops': allowed,
    'other-pipeline': { ...allowed, pipeline_name: 'other' },
  }))
    testbed.proxy.tokens[name] = {
      bot: 'ci',
      joinMethod: 'azure_devops',
      organizationId,
      allow: [rule],
    };
  extension = await mkdtemp(join(tmpdir(), 'azure-extension-'));
  assemble(extension);
  folder = join(extension, 'machine-id');
  inputs = {
    proxy: testbed.proxy.address,
    token: 'ci-azure-devops',
    tbotPath: await testbed.tbot(),
    extraCaFile: testbed.caFile,
  };
});
afterAll(async () => {
  await testbed[Symbol.asyncDispose]();
  await azureDevops[Symbol.asyncDispose]();
  await rm(extension, { recursive: true });
});

const workdirs = /^machine-id-[0-9a-f]{16}$/;
const summaries = /^machine-id-summary-[0-9a-f]{16}\.md$/;

describe('the task for Azure Pipelines', () => {
  it('passes credentials on, and removes them after a later step has failed', async () => {
    using job = await AzureJob.start();
    const env = azureDevops.environment;
    const joined = await job.task(folder, { inputs, env, name: 'machineId' });
    expect(joined).toMatchObject({ result: 'Succeeded', issues: [], summaries: [] });
    expect(joined.log.at(-1)).toMatch(/^Joined rig\.example\.com as bot `ci`/);
    const key = job.expand('$(machineId.keyFile)');
    const [line = ''] = (await readFile(key, 'utf8')).split('\n').slice(1);
    const later = await job.script(
      'test -s "$TELEPORT_IDENTITY_FILE" -a -s "$(machineId.sshConfig)"; echo "kubeconfig:$(machineId.kubeconfig)"; cat "$(machineId.keyFile)"; command -v tbot; exit 7',
    );
    expect(later?.result).toBe('Failed');
    expect(later?.log).toContain('kubeconfig:');
    expect(later?.log.join('\n')).toContain('***');
    expect(later?.log.join('\n')).not.toContain(line);
    expect(later?.log.at(-1)).toMatch(/machine-id-[0-9a-f]{16}\/bin\/tbot$/);
    expect(job.left.filter((name) => workdirs.test(name))).toHaveLength(1);
    const [post] = await job.end();
    expect(post).toMatchObject({ result: 'Succeeded', issues: [] });
    expect(post?.log).toEqual([
      expect.stringMatching(
        /^Removed \d+ files and cleared TELEPORT_PROXY, TELEPORT_IDENTITY_FILE, and TELEPORT_TOOLS_VERSION\.$/,
      ),
    ]);
    expect(job.variables.get('teleport_proxy')).toBe('');
    expect(job.left).toEqual([]);
  });

  it('removes only the credentials of the step that ends', async () => {
    using job = await AzureJob.start();
    const env = azureDevops.environment;
    await job.task(folder, { inputs, env, name: 'first' });
    await job.task(folder, { inputs, env, name: 'second' });
    const [first, second] = await job.end();
    expect(first?.log).toEqual([expect.stringMatching(/^Removed \d+ files and restored /)]);
    expect(second?.log).toEqual([expect.stringMatching(/^Removed \d+ files and cleared /)]);
    expect(job.left).toEqual([]);
  });

  it('reports a denied join as an issue with a summary, and runs no command of the cluster', async () => {
    using job = await AzureJob.start();
    const { rpo_uri: uri } = azureDevops.claims;
    azureDevops.claims.rpo_uri = '##vso[task.setvariable variable=evil]1 #\u200d#vso[task.x]';
    const step = await job.task(folder, {
      inputs: { ...inputs, token: 'other-pipeline' },
      env: azureDevops.environment,
    });
    azureDevops.claims.rpo_uri = uri;
    expect(step.result).toBe('Failed');
    expect(step.issues).toEqual([
      { type: 'error', message: expect.stringMatching(/^machine-id-action: claims-denied: /) },
    ]);
    expect(step.log.join('\n')).toContain(
      '- project_name: "shop"\n  pipeline_name: "deploy"\n  definition_id: "7"\n  repository_ref: "refs/heads/main"\n',
    );
    expect(step.log.join('\n')).toContain('# #vso[task.setvariable variable=evil]1');
    expect(job.variables.has('evil')).toBe(false);
    expect(step.summaries).toEqual([expect.stringContaining('claims-denied')]);
    const [post] = await job.end();
    expect(post).toMatchObject({ result: 'Succeeded', log: [], issues: [] });
    expect(job.left).toEqual([expect.stringMatching(summaries)]);
  });

  it('leaves nothing if the job is cancelled during the join', async () => {
    using job = await AzureJob.start();
    const step = await job.task(folder, {
      inputs,
      env: azureDevops.environment,
      cancelAt: 'task.settaskvariable',
    });
    expect(step.result).toBe('Canceled');
    expect(step.issues.map(({ message }) => message)).toEqual([
      expect.stringMatching(/^machine-id-action: cancelled: /),
    ]);
    expect(await job.script('exit 0')).toBeUndefined();
    await job.end();
    expect(job.left.filter((name) => !summaries.test(name))).toEqual([]);
  });

  it('names what the task must map, if `auto` finds no access token', async () => {
    using job = await AzureJob.start();
    const { SYSTEM_OIDCREQUESTURI } = azureDevops.environment;
    const step = await job.task(folder, { inputs, env: { SYSTEM_OIDCREQUESTURI } });
    expect(step.result).toBe('Failed');
    expect(step.issues[0]?.message).toMatch(/SYSTEM_ACCESSTOKEN.*\n.*`env` below/);
    expect(step.log).toContain('  SYSTEM_ACCESSTOKEN: $(System.AccessToken)');
    expect(job.left.filter((name) => !summaries.test(name))).toEqual([]);
  });

  it('names the inputs of the task in messages', async () => {
    using job = await AzureJob.start();
    const wrong = { ...inputs, certificateTtl: 'x', kubernetesCluster: 'a', services: '[]' };
    const step = await job.task(folder, { inputs: wrong });
    expect(step.issues[0]?.message).toContain('`certificateTtl`');
    expect(step.issues[0]?.message).not.toMatch(/`[a-z]+-[a-z]+`|with:/);
  });

  it('reports an agent without Node 24', async () => {
    using job = await AzureJob.start();
    const step = await job.task(folder, { inputs }, 'Node20_1');
    expect(step.result).toBe('Failed');
    expect(step.issues).toEqual([{ type: 'error', message: expect.stringContaining('Node 24') }]);
    expect(await job.end()).toMatchObject([{ result: 'Succeeded', log: [] }]);
  });
});
