import { cp } from 'node:fs/promises';
import { join } from 'node:path';
import {
  createRunner,
  type JobEnd,
  readAction,
  type StandInRunner,
  type StepResult,
} from '../runner/runner.ts';
import type { Testbed } from '../testbed.ts';
import { filesBelow, type JobFile } from './files.ts';
import { type Scenario, standInInputs, toolCacheOf } from './scenarios.ts';

const root = new URL('../..', import.meta.url).pathname;

/** The name of the action in a workflow. */
export const actionName = 'org/machine-id-action@v1';

const [repository = '', ref = ''] = actionName.split('@');

/** A job of the demo after its end. */
export interface DemoRun {
  readonly scenario: Scenario;
  /** The step as a workflow contains it, without the inputs that select the stand-ins. */
  readonly workflow: string;
  readonly step: StepResult;
  readonly later: StepResult | undefined;
  readonly posts: readonly StepResult[];
  /** The files in the private directory after the step, and whether each is gone after the job. */
  readonly files: readonly (JobFile & { readonly isGone: boolean })[];
  /** Files and processes that remain after the job. */
  readonly left: readonly string[];
  /** How the job differs from what the scenario expects. */
  readonly surprises: readonly string[];
}

/** Copies the action to where the runner would download it, and returns the folder. */
async function downloadAction(testbed: Testbed): Promise<string> {
  const folder = join(testbed.directory, '_actions', repository, ref);
  for (const name of ['action.yml', 'package.json', 'dist'])
    await cp(join(root, name), join(folder, name), { recursive: true });
  return folder;
}

/** Runs a scenario with the action in dist. */
export async function runScenario(scenario: Scenario, testbed: Testbed): Promise<DemoRun> {
  const { environment } = scenario;
  await using runner = await createRunner({ environment, toolCache: toolCacheOf(testbed) });
  const action = await readAction(await downloadAction(testbed));
  const step = await runner.uses({
    ...action,
    declared: action.inputs,
    inputs: { ...(await standInInputs(testbed)), summary: 'always', ...scenario.inputs },
    env: { GITHUB_ACTION_REPOSITORY: repository, GITHUB_ACTION_REF: ref },
    id: 'machine-id',
    name: actionName,
  });
  const files = await filesBelow(runner.temp);
  const later = await runLater(scenario, step, runner);
  const end = await runner.finish();
  const left = leftBy(end);
  return {
    scenario,
    workflow: workflowOf(scenario.inputs),
    step,
    later,
    posts: end.posts,
    files: files
      .filter(({ path }) => path.startsWith('machine-id-'))
      .map((file) => ({ ...file, isGone: !end.leftInTemp.includes(file.path) })),
    left,
    surprises: [
      ...(step.outcome === scenario.expected
        ? []
        : [`the outcome of the step was ${step.outcome}`]),
      ...(later?.outcome === 'failure' ? ['the later step failed'] : []),
      ...(left.length === 0 ? [] : ['the job left files or processes on the runner']),
    ],
  };
}

function workflowOf(inputs: Scenario['inputs']): string {
  const lines = Object.entries(inputs).flatMap(([name, value]) =>
    value.includes('\n')
      ? [`${name}: |`, ...value.split('\n').map((line) => `  ${line}`)]
      : [`${name}: ${value}`],
  );
  return [`- uses: ${actionName}`, '  with:', ...lines.map((line) => `    ${line}`)].join('\n');
}

async function runLater(
  { later }: Scenario,
  step: StepResult,
  runner: StandInRunner,
): Promise<StepResult | undefined> {
  if (later === undefined || step.outcome !== 'success') return undefined;
  return await runner.run(later.script, {
    env: {
      CREDENTIALS: step.outputs['credentials'] ?? '',
      SSH_CONFIG: step.outputs['ssh-config'] ?? '',
      CERTIFICATE: step.outputs['certificate-file'] ?? '',
    },
  });
}

function leftBy(end: JobEnd): readonly string[] {
  return [...end.leftInTemp, ...end.orphans.map(({ pid }) => `process ${pid}`)];
}
