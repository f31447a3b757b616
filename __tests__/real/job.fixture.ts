import type { JobEnd, StepResult } from '../../testbed/runner/runner.ts';
import type { Testbed, TestbedOptions } from '../../testbed/testbed.ts';
import { openFixture } from '../action/action.fixture.ts';

/** A job in which the action succeeded. */
export interface RunningJob extends AsyncDisposable {
  readonly testbed: Testbed;
  readonly outputs: StepResult['outputs'];
  /** The output `credentials`. */
  readonly credentials: readonly Handed[];
  /** Returns the path of a file in the output `credentials`. */
  file(credential: string, role: string): string;
  /** Runs a later step `run:` with the exported variables. */
  later(script: string, env?: Readonly<Record<string, string>>): Promise<StepResult>;
  /** Runs the post step, which ends the job. */
  finish(): Promise<JobEnd>;
}

/** Starts a testbed of a version and a job that runs the action with these inputs. */
export async function startJob(
  version: string,
  inputs: Readonly<Record<string, string>>,
  options: TestbedOptions = {},
): Promise<RunningJob> {
  const fixture = await openFixture({ teleportVersion: version, ...options });
  const runner = await fixture.runner();
  const dispose = async (): Promise<void> => {
    await runner[Symbol.asyncDispose]();
    await fixture[Symbol.asyncDispose]();
  };
  const tbot = await fixture.testbed.tbot(version);
  const step = await fixture.uses(runner, {
    inputs: { ...fixture.inputs, 'tbot-path': tbot, ...inputs },
  });
  if (step.outcome !== 'success') {
    await dispose();
    throw new Error(step.log);
  }
  const credentials: Catalogue = JSON.parse(step.outputs['credentials'] ?? '{}');
  return {
    testbed: fixture.testbed,
    outputs: step.outputs,
    credentials: Object.values(credentials),
    file: (credential, role) => {
      const path = credentials[credential]?.files[role];
      if (path === undefined) throw new Error(`there is no ${role} of ${credential}`);
      return path;
    },
    later: async (script, env = {}) => await runner.run(script, { env }),
    finish: async () => await runner.finish(),
    [Symbol.asyncDispose]: dispose,
  };
}

/** An entry of the output `credentials`. */
interface Handed {
  readonly type: string;
  readonly dir: string;
  /** Paths by role. */
  readonly files: Readonly<Record<string, string>>;
}

type Catalogue = Readonly<Record<string, Handed>>;
