import { mkdirSync, readdirSync, symlinkSync } from 'node:fs';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { StepResult } from '../../testbed/runner/runner.ts';
import type { ContainerOptions } from './container.fixture.ts';
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
import { isMet, needs, programPath } from '../requirements.ts';

const container = ['root', 'unshare', 'chroot'] as const;
const ready = container.every(isMet);
const sshd = programPath('sshd');
const { username } = userInfo();

let open: RecipeFixture;
beforeAll(async () => {
  if (ready) open = await openRecipes(username);
});
afterAll(async () => {
  if (ready) await open[Symbol.asyncDispose]();
});

/** Returns the recipe below a heading. */
function recipe(heading: string, index = 0): readonly Step[] {
  return recipes(heading)[index] ?? [];
}

/** Runs steps, which must succeed; with `inside`, in the container of the job. */
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
  it('has recipes of docker run for kubectl, curl and ssh', () => {
    const last = recipes('docker run').map((steps) => steps.at(-1)?.run);
    expect(last.map((script) => /tools:1 (\w+)/.exec(script ?? '')?.[1])).toEqual([
      'kubectl',
      'curl',
      'ssh',
    ]);
  });
});

describe('docker run', needs(...container), () => {
  it('can use a kubeconfig, and no other file', needs('kubectl'), async () => {
    await using job = await open.job();
    const [action, run] = recipe('docker run');
    expect((await play(job, [action ?? {}, run ?? {}]))[1]?.raw).toMatch(/^prod-pod\b/m);
    const listed = run?.run?.replace('kubectl get pods', 'find "$RUNNER_TEMP" -type f') ?? '';
    const look = await job.runner.run(listed.replace('-e KUBECONFIG', '-e RUNNER_TEMP'));
    expect(look.raw).toBe(job.runner.exported['KUBECONFIG']);
    const end = await job.runner.finish();
    expect(end).toMatchObject({ leftInTemp: [], orphans: [] });
  });

  it('cannot write to the credentials', needs('kubectl'), async () => {
    await using job = await open.job();
    const [action, run] = recipe('docker run');
    await job.play(action ?? {});
    const script = run?.run?.replace('kubectl get pods', 'sh -c ": >$KUBECONFIG"') ?? '';
    const write = await job.play({ run: script });
    expect(write.raw).toContain('Read-only file system');
  });

  it('can use certificate and key', needs('curl'), async () => {
    await using job = await open.job();
    const [, run] = await play(job, recipe('docker run', 1));
    expect(run?.raw).toBe('grafana greets bot-ci');
  });

  it('can use ssh_config with tbot', needs('ssh', 'sshd'), async () => {
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

describe('a container step', needs(...container), () => {
  it('uses the exported KUBECONFIG, which the runner rewrites', needs('kubectl'), async () => {
    await using job = await open.job();
    const [, step] = await play(job, recipe('A container step'));
    expect(step?.raw).toMatch(/^prod-pod\b/m);
    const seen = await job.play({ uses: 'docker://x', with: { args: 'printenv KUBECONFIG' } });
    expect(seen.raw).toMatch(/^\/github\/runner_temp\/machine-id-/);
  });

  it('uses outputs in `env`', needs('curl'), async () => {
    await using job = await open.job();
    const [, step] = await play(job, recipe('A container step', 1));
    expect(step?.raw).toBe('grafana greets bot-ci');
  });

  it('gets a path of the host if the work folder is a link', needs('kubectl'), async () => {
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
  });

  it('cannot use a path in args', needs('kubectl'), async () => {
    await using job = await open.job();
    const [action = {}, step = {}] = recipe('A container step');
    await job.play(action);
    const args = `kubectl --kubeconfig ${job.runner.exported['KUBECONFIG']} get pods`;
    const { raw, outcome } = await job.play({ ...step, with: { args } });
    expect([outcome, raw]).toEqual(['failure', expect.stringContaining('no such file')]);
  });
});

describe('a container for the whole job', needs(...container, 'kubectl'), () => {
  it('needs no changes and leaves no files', async () => {
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

  it('needs a rewritten path for a container step', async () => {
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
