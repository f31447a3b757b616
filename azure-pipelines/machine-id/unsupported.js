// Runs on agents that have no Node 24.
const text = `This task requires Node 24, but the agent runs it with Node ${process.versions.node}. Update the agent to version 4.265 or newer. On Linux, it also requires an operating system on which Node 24 runs.`;
process.stdout.write(`##vso[task.logissue type=error;]${text}\n`);
process.stdout.write('##vso[task.complete result=Failed;]The task failed.\n');
