import { main } from '../main.ts';
import { githubRunner } from '../ci/port.ts';

await main(githubRunner());
// A pipe takes 64 KiB at a time: without this the rest of a long log would be lost.
await new Promise((resolve) => process.stdout.write('', resolve));
// Whatever a library still holds open must not keep a step waiting that is done.
process.exit();
