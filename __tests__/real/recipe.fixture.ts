import { mkdirSync, realpathSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { defaultBots, defaultResources } from '../../testbed/defaults.ts';
import type { StandInRunner, StepResult } from '../../testbed/runner/runner.ts';
import { openFixture, type Fixture } from '../action/action.fixture.ts';
import { type ContainerOptions, type Containers, prepareContainers } from './container.fixture.ts';
import { evaluate, type Step, words } from './recipes.ts';

const repository = fileURLToPath(new URL('../..', import.meta.url)).replace(/\/$/, '');

/** The cluster of the recipes and the containers. */
export interface RecipeFixture extends AsyncDisposable {
  readonly fixture: Fixture;
  readonly containers: Containers;
  /** Starts a job on a runner with Docker, in a new folder or in `root`. */
  job(root?: string): Promise<Job>;
}

/** A job that runs the steps of recipes. */
export interface Job extends AsyncDisposable {
  readonly runner: StandInRunner;
  /** The outputs of the previous steps by their IDs. */
  readonly outputs: Record<string, StepResult['outputs']>;
  /** Runs a step; with `inside`, in the container of the job. */
  play(step: Step, inside?: ContainerOptions): Promise<StepResult>;
}

/** Starts the testbed, which requires root. `user` can log in to the node. */
export async function openRecipes(user: string): Promise<RecipeFixture> {
  const fixture = await openFixture({
    clusterName: 'example.teleport.sh',
    bots: { ...defaultBots, ci: { roles: ['access'], logins: [user] } },
    resources: { ...defaultResources, apps: { grafana: {} }, nodes: ['web-1'] },
  });
  const { directory, caFile, proxy } = fixture.testbed;
  const curlrc = join(directory, 'curlrc');
  writeFileSync(curlrc, `connect-to = "grafana.example.teleport.sh:443:${proxy.address}"\n`);
  const containers = prepareContainers([
    `${caFile}:/etc/ssl/certs/ca-certificates.crt:ro`,
    `${curlrc}:/tmp/.curlrc:ro`,
    ...partsOfStandIn(),
  ]);
  return {
    fixture,
    containers,
    job: async (root) => {
      const PATH = `${containers.programs}:/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin`;
      const environment = { ...fixture.testbed.github.environment, PATH };
      const where = root === undefined ? {} : { root };
      return startJob(fixture, containers, await fixture.runner({ environment, ...where }));
    },
    [Symbol.asyncDispose]: async () => {
      await containers[Symbol.asyncDispose]();
      await fixture[Symbol.asyncDispose]();
    },
  };
}

/** The files of the stand-in tbot. A real tbot is one file. */
function partsOfStandIn(): readonly string[] {
  const own = [join(repository, 'testbed'), dirname(process.execPath)];
  const modules = join(repository, 'node_modules');
  return [...own.map((path) => `${path}:${path}:ro`), `${realpathSync(modules)}:${modules}:ro`];
}

function startJob(fixture: Fixture, containers: Containers, runner: StandInRunner): Job {
  const outputs: Job['outputs'] = {};
  const act = async (step: Step, inside: ContainerOptions | undefined): Promise<StepResult> => {
    const env = evaluate(step.env ?? {}, outputs);
    if (step.uses?.startsWith('docker://')) {
      const command = containers.command(words(step.with?.['args'] ?? ''), containerStep(runner));
      return await runner.run(command, { env });
    }
    if (step.uses === undefined) {
      const script = step.run ?? '';
      if (inside === undefined) return await runner.run(script, { env });
      return await runner.run(containers.command(['sh', '-ec', script], inside), { env });
    }
    const inputs = { ...step.with, ...fixture.inputs };
    if (inside === undefined) return await fixture.uses(runner, { inputs });
    return await runner.run(containers.command(programOf('main'), inside), { env: named(inputs) });
  };
  return {
    runner,
    outputs,
    play: async (step, inside) => {
      const result = await act(step, inside);
      if (step.id !== undefined) outputs[step.id] = result.outputs;
      return result;
    },
    [Symbol.asyncDispose]: async () => await runner[Symbol.asyncDispose](),
  };
}

/** Returns the command line of a program of this action. */
export function programOf(name: 'main' | 'post'): readonly string[] {
  return [process.execPath, join(repository, 'dist', `${name}.js`)];
}

function named(inputs: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(inputs).map(([name, value]) => [`INPUT_${name.toUpperCase()}`, value]),
  );
}

/** Returns the options of a container step (actions/runner 2.331.0, `ContainerActionHandler.cs`). */
export function containerStep({ temp, workspace }: StandInRunner): ContainerOptions {
  const pairs = [
    [workspace, '/github/workspace'],
    [join(temp, '_runner_file_commands'), '/github/file_commands'],
    [join(temp, '_github_workflow'), '/github/workflow'],
    [join(temp, '_github_home'), '/github/home'],
    [temp, '/github/runner_temp'],
  ] as const;
  for (const [path] of pairs) mkdirSync(path, { recursive: true });
  return { volumes: pairs.map(([host, inside]) => `${host}:${inside}`), rewritten: pairs };
}

/** Returns the options of a job container (`ContainerOperationProvider.cs`), plus action and testbed. */
export function jobContainer({ root }: StandInRunner, fixture: Fixture): ContainerOptions {
  const [work, { directory }] = [join(root, '_work'), fixture.testbed];
  const dist = join(repository, 'dist');
  return {
    volumes: [`${work}:/__w`, `${directory}:${directory}`, `${dist}:${dist}:ro`],
    rewritten: [[work, '/__w']],
  };
}
