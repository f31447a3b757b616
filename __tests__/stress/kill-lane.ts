// Runs the cases that the parent process sends, one after another, on a testbed of its own.
import { runCase } from './kill-case.ts';
import { isKillCase, type KillResult } from './kill-result.ts';
import { canMount, serve } from './lane.ts';
import { openStand } from './stand.ts';

const stand = await openStand();
await serve(isKillCase, async (test): Promise<KillResult> => {
  try {
    return await runCase(stand, test, canMount);
  } catch (error) {
    return { events: [], failures: [`the case could not be run: ${String(error)}`] };
  }
});
await stand[Symbol.asyncDispose]();
process.exit();
