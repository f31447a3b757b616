import { spawn } from 'node:child_process';
import { appendFile, rm, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { startTestbed, type Testbed } from './testbed.ts';

const usage = `usage: node testbed/serve.ts --environment FILE [--daemon] [--tbot-version V]
         [--teleport-version V] [--pid-file FILE] [--lifetime SECONDS]

Starts a testbed on loopback and appends NAME=VALUE lines to FILE ($GITHUB_ENV will do, and a
shell can source it). Runs until SIGTERM or SIGINT, or until its lifetime (30 minutes) is over.
With --daemon it returns as soon as the testbed is ready.
`;

const ready = 'ready';

interface Settings {
  readonly environment: string;
  readonly daemon: boolean;
  readonly pidFile: string | undefined;
  readonly tbotVersion: string | undefined;
  readonly teleportVersion: string | undefined;
  /** Seconds. */
  readonly lifetime: number;
}

function readSettings(args: readonly string[]): Settings {
  const { values } = parseArgs({
    args: [...args],
    options: {
      environment: { type: 'string' },
      daemon: { type: 'boolean', default: false },
      'pid-file': { type: 'string' },
      'tbot-version': { type: 'string' },
      'teleport-version': { type: 'string' },
      lifetime: { type: 'string', default: '1800' },
    },
  });
  const lifetime = Number(values.lifetime);
  if (values.environment === undefined) throw new Error('--environment FILE is required');
  if (!(lifetime > 0)) throw new Error('--lifetime must be a positive number of seconds');
  return {
    environment: values.environment,
    daemon: values.daemon,
    pidFile: values['pid-file'],
    tbotVersion: values['tbot-version'],
    teleportVersion: values['teleport-version'],
    lifetime,
  };
}

async function serve(settings: Settings): Promise<void> {
  const { teleportVersion } = settings;
  const ended = untilEnd(settings.lifetime);
  await using testbed = await startTestbed(
    teleportVersion === undefined ? {} : { teleportVersion },
  );
  const lines = await environmentLines(testbed, settings.tbotVersion);
  if (settings.pidFile !== undefined) await writeFile(settings.pidFile, `${process.pid}\n`);
  await appendFile(settings.environment, lines, { mode: 0o600 });
  process.send?.(ready);
  await ended;
  if (settings.pidFile !== undefined) await rm(settings.pidFile, { force: true });
}

async function untilEnd(lifetime: number): Promise<void> {
  await new Promise<void>((resolve) => {
    for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => resolve());
    // The servers keep the process alive. The timer must not, in case they do not start.
    setTimeout(resolve, lifetime * 1000).unref();
  });
}

/** Writes variables whose values need no quoting in a shell or in GITHUB_ENV. */
async function environmentLines(
  testbed: Testbed,
  tbotVersion: string | undefined,
): Promise<string> {
  const variables = {
    TESTBED_PROXY: testbed.proxy.address,
    TESTBED_CA: testbed.caFile,
    TESTBED_TBOT: await testbed.tbot(tbotVersion),
    TESTBED_DOWNLOADS: testbed.downloads.url,
    TESTBED_PID: String(process.pid),
    ...testbed.github.environment,
    ...testbed.imds.environment,
  };
  for (const [name, value] of Object.entries(variables)) {
    if (!/^[\w./:?=-]+$/.test(value))
      throw new Error(`the value of ${name} requires quoting: ${value}`);
  }
  return Object.entries(variables)
    .map(([name, value]) => `${name}=${value}\n`)
    .join('');
}

/**
 * Starts this program as a daemon and returns when it is ready. The daemon inherits no pipes, because
 * the runner would wait for them, and reports errors as messages.
 */
async function daemonize(args: readonly string[]): Promise<void> {
  const child = spawn(
    process.execPath,
    [fileURLToPath(import.meta.url), ...args.filter((arg) => arg !== '--daemon')],
    { detached: true, stdio: ['ignore', 'ignore', 'ignore', 'ipc'] },
  );
  try {
    await new Promise<void>((resolve, reject) => {
      child.once('message', (word) => {
        if (word === ready) resolve();
        else reject(new Error(JSON.stringify(word)));
      });
      child.once('error', reject);
      child.once('exit', (code) => reject(new Error(`the testbed failed with exit code ${code}`)));
    });
  } finally {
    if (child.connected) child.disconnect();
    child.unref();
  }
}

async function main(args: readonly string[]): Promise<void> {
  const settings = readSettings(args);
  await (settings.daemon ? daemonize(args) : serve(settings));
}

try {
  await main(process.argv.slice(2));
  process.exitCode = 0;
} catch (error) {
  const message = error instanceof Error ? error.message : String(error);
  process.send?.(message);
  process.stderr.write(`${message}\n\n${usage}`);
  process.exitCode = 2;
}
