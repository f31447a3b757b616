import { parseInvocation } from './cli.ts';
import { Failure, fatalText } from './failure.ts';
import { parseLater } from './later/command.ts';
import { print } from './log.ts';
import { playedVersion, type PlayedVersion } from './versions.ts';

// The launcher's own arguments come first; see install.ts.
const [versionName = '', controlFile = '', executable = '', ...args] = process.argv.slice(2);
let debug = false;

async function run(version: PlayedVersion): Promise<void> {
  const later = parseLater(args, version);
  if (later) {
    const { runLater } = await import('./later/run.ts');
    return await runLater(later);
  }
  const invocation = parseInvocation(args, process.env, version);
  if (invocation.command === 'version') {
    process.stdout.write(`${version.banner}\n`);
    return;
  }
  // Imported here, because `tbot version` runs often and must be fast.
  const { start } = await import('./start.ts');
  await start(invocation, version, { executable, controlFile }, (asked) => {
    debug = asked;
  });
}

const version = playedVersion(versionName);
run(version).catch((error: unknown) => {
  const failure = error instanceof Failure ? error : new Failure(`stand-in: ${String(error)}`);
  print(fatalText(failure, version, debug));
  process.exit(1);
});
