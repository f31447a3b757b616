import { cpSync } from 'node:fs';
import { join } from 'node:path';
import type { JobDescription } from '../../testbed/runner/job.ts';
import {
  type JobEnd,
  readAction,
  type StandInRunner,
  type StepResult,
} from '../../testbed/runner/runner.ts';
import type { Testbed } from '../../testbed/testbed.ts';
import { defaultBots, defaultResources, defaultTokens } from '../../testbed/defaults.ts';
import { type Fixture, openFixture } from '../action/action.fixture.ts';
import { resourcesOf } from '../action/resources.fixture.ts';
import { programPath } from '../requirements.ts';
import { valuesOf } from '../structure/fences.ts';
import { root, text } from '../structure/tree.ts';
import { openInternet } from './internet.fixture.ts';
import { evaluate, type Step, stepsOf } from './recipes.ts';
import { startSshd } from './ssh.fixture.ts';

/** The cluster of a guide, with the resources of its page. */
export interface Guide extends AsyncDisposable {
  readonly testbed: Testbed;
  /** Starts an SSH server as the node `web-1` of the cluster. */
  startNode(): Promise<AsyncDisposable>;
  /** Runs a workflow of the page. Only the login is changed. */
  play(workflow: string, job?: GuideJob): Promise<Played>;
}

interface GuideJob {
  readonly description?: JobDescription;
  /** Default: the variables of a job with `id-token: write`. */
  readonly environment?: Readonly<Record<string, string>>;
}

/** A job that ended. Steps after a failed step did not run. */
export interface Played {
  readonly steps: readonly StepResult[];
  readonly end: JobEnd;
}

/** Starts the cluster with the resources of pages. `user` replaces their login `ubuntu`. */
export async function openGuide(paths: readonly string[], user: string): Promise<Guide> {
  await using stack = new AsyncDisposableStack();
  const fixture = stack.use(await openFixture(clusterOf(paths, user)));
  const { testbed } = fixture;
  const internet = stack.use(await openInternet(testbed, 'example.teleport.sh:443'));
  const running = stack.move();
  return {
    testbed,
    startNode: async () => await startNode(fixture),
    play: async (workflow, { description = {}, environment = testbed.github.environment } = {}) => {
      await using runner = await fixture.runner({
        environment: { ...internet.environment, ...environment },
        job: description,
      });
      const steps = await playSteps(stepsOf(valuesOf(workflow)[0]), runner, user);
      return { steps, end: await runner.finish() };
    },
    [Symbol.asyncDispose]: async () => await running.disposeAsync(),
  };
}

function clusterOf(paths: readonly string[], user: string) {
  const { bots, tokens } = resourcesOf(...paths);
  const renamed = Object.entries(bots).map(([name, bot]) => [
    name,
    { ...bot, logins: bot.logins.map((login) => login.replace('ubuntu', user)) },
  ]);
  return {
    clusterName: 'example.teleport.sh',
    bots: { ...defaultBots, ...Object.fromEntries(renamed) },
    tokens: { ...defaultTokens, ...tokens },
    resources: { ...defaultResources, nodes: ['web-1'] },
  };
}

async function startNode(fixture: Fixture): Promise<AsyncDisposable> {
  await using stack = new AsyncDisposableStack();
  const { testbed, inputs } = fixture;
  const runner = stack.use(await fixture.runner());
  const services = '[{type: ssh_host, principals: [web-1.example.teleport.sh]}]';
  const { outputs } = await fixture.uses(runner, { inputs: { ...inputs, services } });
  const folder = outputs['destination-dir'] ?? '';
  const server = stack.use(await startSshd(programPath('sshd'), folder, folder));
  testbed.proxy.nodes.set('web-1', { host: '127.0.0.1', port: server.port });
  return stack.move();
}

async function playSteps(
  steps: readonly Step[],
  runner: StandInRunner,
  user: string,
): Promise<readonly StepResult[]> {
  const outputs: Record<string, StepResult['outputs']> = {};
  const results: StepResult[] = [];
  for (const { id, uses, run = '', with: inputs = {}, env = {} } of steps) {
    const result =
      uses === undefined
        ? await runner.run(run.replaceAll('ubuntu@', `${user}@`), { env: evaluate(env, outputs) })
        : await runner.uses({
            ...(await download(uses, runner)),
            inputs: evaluate(inputs, outputs),
          });
    results.push(result);
    if (id !== undefined) outputs[id] = result.outputs;
    if (result.outcome !== 'success') break;
  }
  return results;
}

/** Copies this action to where the runner downloads `org/machine-id-action@v1` to. */
async function download(uses: string, { root: runnerRoot }: StandInRunner) {
  const [, name = '', folder = '', ref = ''] = /^([^/]+\/[^/]+)(.*)@(.+)$/.exec(uses) ?? [];
  const target = join(runnerRoot, '_work', '_actions', name, ref);
  for (const part of ['action.yml', 'package.json', 'dist', 'scrub'])
    cpSync(join(root, part), join(target, part), { recursive: true });
  const action = await readAction(join(target, folder));
  const env = { GITHUB_ACTION_REPOSITORY: name, GITHUB_ACTION_REF: ref };
  return { ...action, declared: action.inputs, env };
}

/** Returns what a user sees of a log: the titles of folded groups, without the inputs of the step. */
export function visible(log: string): string {
  const lines: string[] = [];
  let folded = false;
  for (const line of log.split('\n')) {
    const group = /^##\[group\](.*)/.exec(line)?.[1];
    if (group !== undefined && !group.startsWith('Run ')) lines.push(`> ${group}`);
    else if (!folded && group === undefined) lines.push(line.replace('##[error]', 'Error: '));
    folded = group !== undefined || (folded && line !== '##[endgroup]');
  }
  return lines
    .filter((line) => line !== '##[endgroup]')
    .join('\n')
    .trim();
}

/**
 * Returns a script with the commands of a page and the files that it tells the reader to save. `tctl`
 * and `tsh`, which need a cluster, only check that their files exist.
 */
export function commandsOf(path: string): string {
  const parts = text(path).matchAll(/(?: as `([^`]+)`[^\n]*\n\n)?^```(sh|yaml)\n([\s\S]*?)^```$/gm);
  const stubs = 'tsh() { :; }; tctl() { [ "$1" != create ] || test -f "${!#}"; }\n';
  return (
    stubs +
    [...parts]
      .map(([, file, language, body = '']) => {
        if (language === 'sh') return body;
        return file === undefined ? '' : `cat > ${file} <<'END'\n${body}END\n`;
      })
      .join('')
  );
}

/** Returns the fence after a paragraph that ends with these words. */
export function fenceAfter(path: string, words: string): string {
  const [, after] = text(path).split(words);
  const [, , body] = /^\s*(````?)\w*\n([\s\S]*?)^\1$/m.exec(after ?? '') ?? [];
  if (body === undefined) throw new Error(`${path} has no fence after "${words}"`);
  return body;
}

/** Returns the block quote after a paragraph that ends with these words. */
export function quoteAfter(path: string, words: string): string {
  const [, after = ''] = text(path).split(words);
  const [quote] = /^(?:>.*\n)+/m.exec(after) ?? [];
  if (quote === undefined) throw new Error(`${path} has no quote after "${words}"`);
  return quote.replaceAll(/^> ?/gm, '');
}

/** Replaces what differs between two runs: times, the load of the machine, and the tool cache. */
export function settled(shown: string): string {
  return shown
    .replaceAll(/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ/g, 'TIME')
    .replaceAll(/^.* up .*load average: .*$/gm, 'UPTIME')
    .replaceAll(/\/\S*\/_work\/_tool\//g, '/opt/hostedtoolcache/')
    .trim();
}
