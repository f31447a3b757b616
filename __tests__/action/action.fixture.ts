import {
  createRunner,
  type JobEnd,
  readAction,
  type RunnerOptions,
  type StandInRunner,
  type StepResult,
} from '../../testbed/runner/runner.ts';
import type { UsesStep } from '../../testbed/runner/plan.ts';
import { startTestbed, type Testbed, type TestbedOptions } from '../../testbed/testbed.ts';

const root = new URL('../..', import.meta.url).pathname;

/** A testbed and the action in dist. */
export interface Fixture extends AsyncDisposable {
  readonly testbed: Testbed;
  /** Inputs of a successful join with GitHub. */
  readonly inputs: Readonly<Record<string, string>>;
  runner(options?: RunnerOptions): Promise<StandInRunner>;
  uses(runner: StandInRunner, step?: Partial<UsesStep>): Promise<StepResult>;
  /** Runs a job with one step; returns the result of the step and the end of the job. */
  job(options: JobOptions): Promise<{ readonly step: StepResult; readonly end: JobEnd }>;
}

export interface JobOptions extends Partial<UsesStep> {
  /** Added to the inputs of a successful join; undefined removes an input. */
  readonly with?: Readonly<Record<string, string | undefined>>;
  readonly runner?: RunnerOptions;
}

export async function openFixture(options: TestbedOptions = {}): Promise<Fixture> {
  const testbed = await startTestbed(options);
  const action = await readAction(root);
  const inputs = {
    proxy: testbed.proxy.address,
    token: 'ci-github',
    'tbot-path': await testbed.tbot(),
    'extra-ca-file': testbed.caFile,
  };
  const runner = async (given: RunnerOptions = {}): Promise<StandInRunner> =>
    createRunner({ environment: { ...testbed.github.environment }, ...given });
  const uses = async (on: StandInRunner, step: Partial<UsesStep> = {}): Promise<StepResult> =>
    on.uses({ ...action, declared: action.inputs, inputs, ...step });
  return {
    testbed,
    inputs,
    runner,
    uses,
    job: async ({ with: changes = {}, runner: given, ...step }) => {
      await using on = await runner(given);
      const result = await uses(on, { inputs: merged(inputs, changes), ...step });
      return { step: result, end: await on.finish() };
    },
    [Symbol.asyncDispose]: async () => testbed[Symbol.asyncDispose](),
  };
}

function merged(
  inputs: Readonly<Record<string, string>>,
  changes: Readonly<Record<string, string | undefined>>,
): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries({ ...inputs, ...changes }).flatMap(([name, value]) =>
      value === undefined ? [] : [[name, value]],
    ),
  );
}

/** Returns the codes of the Problems that a step reported. The runner's errors have no title. */
export function codesOf(step: StepResult): readonly string[] {
  return step.annotations.flatMap(({ level, title }) =>
    level === 'error' && title !== undefined ? [title.replace('machine-id-action: ', '')] : [],
  );
}
