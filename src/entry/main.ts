import { main } from '../main.ts';
import { githubActions } from '../ci/github/github-actions.ts';

await main(githubActions());
// A pipe takes 64 KiB at a time: without this the rest of a long log would be lost.
await new Promise((resolve) => process.stdout.write('', resolve));
// Whatever a library still holds open must not keep a step waiting that is done.
process.exit();
