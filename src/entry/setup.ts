import { githubActions } from '../ci/github/github-actions.ts';
import { setup } from '../setup/setup.ts';

await setup(githubActions());
// A pipe takes 64 KiB at a time: without this the rest of a long log is lost.
await new Promise((resolve) => process.stdout.write('', resolve));
// A handle that a library keeps open must not delay the end of the step.
process.exit();
