import { renameSync, rmSync, writeFileSync } from 'node:fs';
import { chmod, mkdir, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Faults, type TbotFault, watchFault } from '../faults.ts';
import { childPidFile, startsFile } from './play.ts';
import { playedVersion } from './versions.ts';

const program = fileURLToPath(new URL('main.ts', import.meta.url));
const cache = fileURLToPath(new URL('../../node_modules/.cache/testbed', import.meta.url));

/** A stand-in tbot on disk. */
export interface InstalledTbot {
  /** The executable: works from where it is and from wherever it is copied to. */
  readonly path: string;
  /** Where the pid of the process that the fault 'child' leaves can be read. */
  readonly childPidFile: string;
  /** Turns the switch for the next starts; the file is written before this returns. */
  setFault(fault: TbotFault): Promise<void>;
}

/**
 * Writes the launcher `tbot` into a folder and the file that carries its switch beside it. With
 * `faults` the switch follows `faults.tbot`. Throws for a version that is not played.
 */
export async function installTbot(options: {
  readonly version: string;
  readonly directory: string;
  readonly faults?: Faults;
}): Promise<InstalledTbot> {
  const { version, faults } = options;
  playedVersion(version);
  const directory = resolve(options.directory);
  await mkdir(directory, { recursive: true });
  const path = join(directory, 'tbot');
  const controlFile = join(directory, '.tbot-fault.json');
  const turn = (fault: TbotFault) => {
    // Replaced as a whole: a tbot that keeps running may read it at any moment.
    writeFileSync(`${controlFile}.new`, JSON.stringify(fault));
    renameSync(`${controlFile}.new`, controlFile);
    rmSync(startsFile(controlFile), { force: true });
  };
  turn(faults?.tbot ?? { kind: 'none' });
  if (faults) watchFault(faults, 'tbot', turn);
  await writeFile(path, launcher(version, controlFile));
  await chmod(path, 0o755);
  return {
    path,
    childPidFile: childPidFile(controlFile),
    setFault: async (fault) => turn(fault),
  };
}

// What steers node in the caller's environment means nothing to a real tbot.
// The compile cache avoids the removal of types on every start; all testbeds share it.
function launcher(version: string, controlFile: string): string {
  const words = [process.execPath, program, version, controlFile].map(quote).join(' ');
  return `#!/bin/sh
unset NODE_OPTIONS NODE_EXTRA_CA_CERTS NODE_V8_COVERAGE NODE_USE_ENV_PROXY NODE_DEBUG
if [ "$1" = ssh-multiplexer-proxy-command ]; then export NODE_CHANNEL_FD=1; fi
NODE_COMPILE_CACHE=${quote(cache)} exec ${words} "$0" "$@"
`;
}

function quote(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}
