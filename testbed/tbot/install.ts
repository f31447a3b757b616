import { renameSync, rmSync, writeFileSync } from 'node:fs';
import { chmod, mkdir, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Faults, type TbotFault, watchFault } from '../faults.ts';
import { arm64Program } from './arm64.ts';
import { childPidFile, startsFile } from './play.ts';
import { playedVersion } from './versions.ts';

const program = fileURLToPath(new URL('main.ts', import.meta.url));
const cache = fileURLToPath(new URL('../../node_modules/.cache/testbed', import.meta.url));

/** A stand-in tbot on disk. */
export interface InstalledTbot {
  /** The executable, which also works as a copy. */
  readonly path: string;
  /** File with the pid of the process that the fault 'child' leaves. */
  readonly childPidFile: string;
  /** Sets the fault for the next starts. */
  setFault(fault: TbotFault): Promise<void>;
}

/**
 * Writes the launcher `tbot` and the file with its fault to a folder. With `faults`, the fault follows
 * `faults.tbot`. With `arm64`, the launcher is a program for Linux arm64, which starts the stand-in
 * with the Node of this machine. Throws for an unsupported version.
 */
export async function installTbot(options: {
  readonly version: string;
  readonly directory: string;
  readonly faults?: Faults;
  readonly arm64?: boolean;
}): Promise<InstalledTbot> {
  const { version, faults, arm64 = false } = options;
  playedVersion(version);
  const directory = resolve(options.directory);
  await mkdir(directory, { recursive: true });
  const path = join(directory, 'tbot');
  const controlFile = join(directory, '.tbot-fault.json');
  const turn = (fault: TbotFault) => {
    // Atomic, because a running tbot reads the file at any time.
    writeFileSync(`${controlFile}.new`, JSON.stringify(fault));
    renameSync(`${controlFile}.new`, controlFile);
    rmSync(startsFile(controlFile), { force: true });
  };
  turn(faults?.tbot ?? { kind: 'none' });
  if (faults) watchFault(faults, 'tbot', turn);
  const script = arm64 ? `${path}.sh` : path;
  await writeFile(script, launcher(version, controlFile, arm64 ? '$1; shift' : '$0'));
  if (arm64) await writeFile(path, arm64Program(script));
  await chmod(path, 0o755);
  return {
    path,
    childPidFile: childPidFile(controlFile),
    setFault: async (fault) => turn(fault),
  };
}

// Removes the variables for Node, which a real tbot ignores.
// All testbeds share the compile cache, which avoids stripping types on every start.
function launcher(version: string, controlFile: string, executable: string): string {
  const words = [process.execPath, program, version, controlFile].map(quote).join(' ');
  return `#!/bin/sh
executable=${executable}
unset NODE_OPTIONS NODE_EXTRA_CA_CERTS NODE_V8_COVERAGE NODE_USE_ENV_PROXY NODE_DEBUG
if [ "$1" = ssh-multiplexer-proxy-command ]; then export NODE_CHANNEL_FD=1; fi
NODE_COMPILE_CACHE=${quote(cache)} exec ${words} "$executable" "$@"
`;
}

function quote(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}
