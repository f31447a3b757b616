import { mkdirSync, readdirSync, symlinkSync } from 'node:fs';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { StepResult } from '../../testbed/runner/runner.ts';
import type { ContainerOptions } from './container.fixture.ts';
import { findProgram } from './programs.ts';
import {
  containerStep,
  type Job,
  jobContainer,
  openRecipes,
  programOf,
  type RecipeFixture,
} from './recipe.fixture.ts';
import { recipes, type Step } from './recipes.ts';
import { startSshd } from './ssh.fixture.ts';

const without = 'no container was entered';
const isRoot = process.getuid?.() === 0;
if (!isRoot) console.log(`skipped: only root may mount and chroot, so ${without}`);
const ready = isRoot && findProgram('unshare', without) && findProgram('chroot', without);
const kubectl = findProgram('kubectl', 'no kubeconfig was used in a container');
const curl = findProgram('curl', 'no application was asked from a container');
const ssh = findProgram('ssh', 'nobody logged in from a container');
const sshd = findProgram('sshd', 'nobody logged in from a container') ?? '';
const { username } = userInfo();

let open: RecipeFixture;
beforeAll(async () => {
  if (ready) open = await openRecipes(username);
});
afterAll(async () => {
  if (ready) await open[Symbol.asyncDispose]();
});

/** The only recipe, or the one at a place, below a heading. */
function recipe(heading: string, index = 0): readonly Step[] {
  return recipes(heading)[index] ?? [];
}

/** Plays steps to a good end; with `inside`, in the container of the job. */
async function play(
  job: Job,
  steps: readonly Step[],
  inside?: ContainerOptions,
): Promise<readonly StepResult[]> {
  const results: StepResult[] = [];
  for (const step of steps) results.push(await job.play(step, inside));
  const failed = results.filter(({ outcome }) => outcome !== 'success').map(({ log }) => log);
  expect([results.length > 0, failed]).toEqual([true, []]);
  return results;
}

describe('the document', () => {
  it('has a recipe of docker run for kubectl, curl and ssh each', () => {
    const last = recipes('docker run').map((steps) => steps.at(-1)?.run);
    expect(last.map((script) => /tools:1 (\w+)/.exec(script ?? '')?.[1])).toEqual([
      'kubectl',
      'curl',
      'ssh',
    ]);
  });
});

describe.runIf(ready)('docker run', () => {
  it.runIf(kubectl)('takes a kubeconfig along, and nothing else', async () => {
    await using job = await open.job();
    const [action, run] = recipe('docker run');
    expect((await play(job, [action ?? {}, run ?? {}]))[1]?.raw).toMatch(/^prod-pod\b/m);
    const listed = run?.run?.replace('kubectl get pods', 'find "$RUNNER_TEMP" -type f') ?? '';
    const look = await job.runner.run(listed.replace('-e KUBECONFIG', '-e RUNNER_TEMP'));
    expect(look.raw).toBe(job.runner.exported['KUBECONFIG']);
    const end = await job.runner.finish();
    expect(end).toMatchObject({ leftInTemp: [], orphans: [] });
  });

  it.runIf(kubectl)('may not write to what it was given', async () => {
    await using job = await open.job();
    const [action, run] = recipe('docker run');
    await job.play(action ?? {});
    const script = run?.run?.replace('kubectl get pods', 'sh -c ": >$KUBECONFIG"') ?? '';
    const write = await job.play({ run: script });
    expect(write.raw).toContain('Read-only file system');
  });

  it.runIf(curl)('takes certificate and key along', async () => {
    await using job = await open.job();
    const [, run] = await play(job, recipe('docker run', 1));
    expect(run?.raw).toBe('grafana greets bot-ci');
  });

  it.runIf(ssh && sshd)('takes ssh_config and the tbot that it names along', async () => {
    await using host = await open.job();
    const services = '[{type: ssh_host, principals: [web-1.example.teleport.sh]}]';
    const { outputs } = await host.play({ uses: 'org/machine-id-action@v1', with: { services } });
    const folder = outputs['destination-dir'] ?? '';
    await using server = await startSshd(sshd, folder, folder);
    const address = { host: '127.0.0.1', port: server.port };
    open.fixture.testbed.proxy.nodes.set('web-1', address);
    await using job = await open.job();
    const [action = {}, run] = recipe('docker run', 2);
    const script = run?.run?.replace('ubuntu@', `-o BatchMode=yes ${username}@`) ?? '';
    const [, shown] = await play(job, [action, { ...run, run: script }]);
    expect(shown?.raw).toMatch(/load average/);
    expect(server.log()).toMatch(/Accepted certificate ID "bot-ci"|Accepted publickey .*-CERT/);
    const { 'ssh-config': config, 'tbot-path': tbot } = job.outputs['machine-id'] ?? {};
    const named = await job.runner.run(`grep ProxyCommand '${config}'`);
    expect(named.raw).toMatch(new RegExp(`ProxyCommand ['"]${tbot}['"] `));
  });
});

describe.runIf(ready)('a container step', () => {
  it.runIf(kubectl)('uses the exported kubeconfig, which the runner rewrites', async () => {
    await using job = await open.job();
    const [, step] = await play(job, recipe('A container step'));
    expect(step?.raw).toMatch(/^prod-pod\b/m);
    const seen = await job.play({ uses: 'docker://x', with: { args: 'printenv KUBECONFIG' } });
    expect(seen.raw).toMatch(/^\/github\/runner_temp\/machine-id-/);
  });

  it.runIf(curl)('uses outputs that it is given by env', async () => {
    await using job = await open.job();
    const [, step] = await play(job, recipe('A container step', 1));
    expect(step?.raw).toBe('grafana greets bot-ci');
  });

  it.runIf(kubectl)(
    'is given a path of the host where the work folder is behind a link',
    async () => {
      const link = join(open.fixture.testbed.directory, 'link');
      const behind = join(open.fixture.testbed.directory, 'behind');
      mkdirSync(behind);
      symlinkSync(behind, link);
      await using job = await open.job(link);
      const [action = {}, step = {}] = recipe('A container step');
      await play(job, [action]);
      expect(job.runner.exported['KUBECONFIG']).toContain(behind);
      const { raw, outcome } = await job.play(step);
      expect([outcome, raw]).toEqual(['failure', expect.stringContaining('localhost:8080')]);
    },
  );

  it.runIf(kubectl)('cannot use a path in args', async () => {
    await using job = await open.job();
    const [action = {}, step = {}] = recipe('A container step');
    await job.play(action);
    const args = `kubectl --kubeconfig ${job.runner.exported['KUBECONFIG']} get pods`;
    const { raw, outcome } = await job.play({ ...step, with: { args } });
    expect([outcome, raw]).toEqual(['failure', expect.stringContaining('no such file')]);
  });
});

describe.runIf(ready && kubectl)('a container for the whole job', () => {
  it('needs nothing, and nothing stays', async () => {
    await using job = await open.job();
    const inside = jobContainer(job.runner, open.fixture);
    const [action, run] = await play(job, recipe('A container for the whole job'), inside);
    expect(action?.outputs['kubeconfig']).toMatch(/^\/__w\/_temp\/machine-id-/);
    expect(run?.raw).toMatch(/^prod-pod\b/m);
    const env = { STATE_workdir: action?.state['workdir'] ?? '' };
    const post = await job.runner.run(open.containers.command(programOf('post'), inside), { env });
    expect(post.log).toMatch(/cleared .*KUBECONFIG/);
    expect(post.exportedEnv).toMatchObject({ KUBECONFIG: '' });
    expect(readdirSync(job.runner.temp).filter((name) => name.startsWith('machine-id'))).toEqual(
      [],
    );
  });

  it('and a container step in it needs one path rewritten, in an output', async () => {
    await using job = await open.job();
    const steps = recipe('A container step inside a container job');
    const inside = jobContainer(job.runner, open.fixture);
    const [, rewriting, step] = await play(job, steps, inside);
    expect(rewriting?.outputs['kubeconfig']).toMatch(/^\/github\/runner_temp\/machine-id-/);
    expect(rewriting?.exportedEnv).toEqual({});
    expect(step?.raw).toMatch(/^prod-pod\b/m);
    const unhelped = open.containers.command(['sh', '-c', 'cat "$KUBECONFIG"'], {
      ...containerStep(job.runner),
    });
    const { raw } = await job.runner.run(unhelped);
    expect(raw).toMatch(/cat: \/__w\/_temp\/.*No such file or directory/);
  });
});
