import { Problem } from '../problem.ts';
import { report } from '../report.ts';
import type { CiPort } from '../ci/port.ts';
import { listenForStop } from '../process/stop.ts';
import { ignoreUnverified } from '../http/tls-environment.ts';
import { readSetupInputs } from './setup-inputs.ts';

/** Runs the step of ./setup: puts tbot, tsh and tctl on PATH, without a join. */
export async function setup(ci: CiPort): Promise<void> {
  using stop = listenForStop();
  try {
    const { inputs, warnings } = readSetupInputs(ci.inputs);
    for (const warning of warnings) ci.warning('machine-id-action', warning);
    ignoreUnverified(ci);
    stop.after(inputs.timeout);
    const { provide } = await import('./provide.ts');
    await provide(inputs, ci, stop);
  } catch (error) {
    const { aborted, reason } = stop.signal;
    await report(aborted && !(error instanceof Problem) ? reason : error, ci, false);
  }
}
