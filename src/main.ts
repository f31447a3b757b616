import { readInputs } from './inputs/inputs.ts';
import { report } from './report.ts';
import type { Runner } from './runner.ts';
import { listenForStop } from './stop.ts';

/** One step: reads its inputs, does what they say, tells of a failure. */
export async function main(runner: Runner): Promise<void> {
  using stop = listenForStop();
  let summary = true;
  try {
    const { inputs, warnings } = readInputs(runner.inputs);
    for (const warning of warnings) runner.warning('machine-id-action', warning);
    summary = inputs.summary !== 'never';
    stop.after(inputs.timeout);
    // What talks to the network and starts programs is slow to load, and useless after a mistake.
    const { act } = await import('./act.ts');
    await act(inputs, runner, stop.signal);
  } catch (error) {
    await report(stop.signal.aborted ? stop.signal.reason : error, runner, summary);
  }
}
