import { run } from './run.js';

// Absent if the step did not run, or failed before it created anything.
if (process.env['VSTS_TASKVARIABLE_MACHINE_ID_WORKDIR']) await run('scrub');
