import { readFileSync, readdirSync } from 'node:fs';

const temp = process.env.RUNNER_TEMP ?? '';
const directories = readdirSync(temp).filter((name) => name.startsWith('machine-id-'));
const exported = ['TELEPORT_PROXY', 'TELEPORT_IDENTITY_FILE', 'TELEPORT_TOOLS_VERSION'];
// Nothing can remove an entry that was added to PATH.
const variables = Object.entries(process.env)
  .filter(([name, value]) => name !== 'PATH' && value.includes(`${temp}/machine-id-`))
  .map(([name]) => name)
  .concat(exported.filter((name) => process.env[name]));
const processes = readdirSync('/proc')
  .filter((name) => /^\d+$/.test(name))
  .map((pid) => ({ pid, command: commandOf(pid) }))
  .filter(({ command }) => command.includes(`${temp}/machine-id-`));

function commandOf(pid) {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ');
  } catch {
    return '';
  }
}

for (const name of directories) console.log(`::error::left in RUNNER_TEMP: ${name}`);
for (const name of variables) console.log(`::error::still set: ${name}`);
for (const { pid, command } of processes) console.log(`::error::still running: ${pid} ${command}`);

if (directories.length + variables.length + processes.length > 0) process.exitCode = 1;
else console.log('No private directory, variable or process is left.');
if (process.env.TESTBED_PID) process.kill(Number(process.env.TESTBED_PID), 'SIGTERM');
