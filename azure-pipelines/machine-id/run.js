// Runs the command line in this process, so that it receives the signals of the agent.
import { writeSync } from 'node:fs';

/** Reports a failure as a result, because the agent adds an error to each exit code that is not 0. */
process.on('exit', (code) => {
  if (code === 0) return;
  writeSync(2, '##vso[task.complete result=Failed;]The task failed.\n');
  process.exitCode = 0;
});

/** The agent passes an input `joinMethod` as INPUT_JOINMETHOD. */
export async function run(command, inputs = []) {
  for (const name of inputs) {
    const value = process.env[`INPUT_${name.toUpperCase()}`];
    const variable = name.replaceAll(/[A-Z]/g, '_$&').toUpperCase();
    if (value) process.env[`MACHINE_ID_${variable}`] = value;
  }
  process.argv.splice(2, Infinity, command, '--ci', 'azure-pipelines');
  await import(new URL('dist/machine-id.js', import.meta.url).href);
}
