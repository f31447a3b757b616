import { githubActions } from '../ci/github/github-actions.ts';
import { setup } from '../setup/setup.ts';

await setup(githubActions());
// A pipe takes 64 KiB at a time: without this the rest of a long log would be lost.
await new Promise((resolve) => process.stdout.write('', resolve));
// Whatever a library still holds open must not keep a step waiting that is done.
process.exit();
