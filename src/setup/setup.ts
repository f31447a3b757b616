import { Problem } from '../problem.ts';
import { report } from '../report.ts';
import type { Runner } from '../ci/port.ts';
import { listenForStop } from '../stop.ts';
import { ignoreUnverified } from '../http/tls-environment.ts';
import { readSetupInputs } from './setup-inputs.ts';

/** The step of ./setup: tbot, tsh and tctl on PATH, and no join. */
export async function setup(runner: Runner): Promise<void> {
  using stop = listenForStop();
  try {
    const { inputs, warnings } = readSetupInputs(runner.inputs);
    for (const warning of warnings) runner.warning('machine-id-action', warning);
    ignoreUnverified(runner);
    stop.after(inputs.timeout);
    const { provide } = await import('./provide.ts');
    await provide(inputs, runner, stop);
  } catch (error) {
    const { aborted, reason } = stop.signal;
    await report(aborted && !(error instanceof Problem) ? reason : error, runner, false);
  }
}
