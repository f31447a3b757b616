import { spawn } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { once } from 'node:events';
import { rmSync, writeFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { defaultTokens } from '../../testbed/defaults.ts';
import { playedVersion } from '../../testbed/tbot/versions.ts';
import { startTestbed, type Testbed } from '../../testbed/testbed.ts';
import { calm } from './testbed-teleport.fixture.ts';

/** A stand-in tbot in background mode. */
export interface RunningTbot extends AsyncDisposable {
  readonly pid: number;
  /** The folder of its services, `$DEST`. */
  readonly directory: string;
  /** Returns its log without colours, times and stack traces. */
  log(): string;
  /** Resolves when the log after position `from` matches. Rejects if tbot exits first. */
  logged(pattern: RegExp, from?: number): Promise<string>;
  /** Returns the response of a diagnostics route, as soon as the service listens. */
  diagnose(route: string): Promise<{ readonly status: number; readonly text: string }>;
  /** The exit code or signal. */
  readonly ended: Promise<number | NodeJS.Signals | null>;
  kill(signal: NodeJS.Signals): void;
}

/** Overrides of the default settings. */
export interface BackgroundOptions {
  readonly interval?: string;
  readonly ttl?: string;
  readonly environment?: NodeJS.ProcessEnv;
  readonly diagAddress?: string;
}

/** A testbed for stand-ins in background mode. */
export interface BackgroundFixture extends AsyncDisposable {
  readonly testbed: Testbed;
  /** Starts tbot. `services` are YAML in flow style, and `$DEST` is a new folder. */
  start(
    version: string,
    services: readonly string[],
    options?: BackgroundOptions,
  ): Promise<RunningTbot>;
  /** Ends all tbots and restores the testbed. */
  reset(): Promise<void>;
}

/** Starts the testbed. It is shared by tbots of all versions. */
export async function startBackgroundFixture(): Promise<BackgroundFixture> {
  await using stack = new AsyncDisposableStack();
  const testbed = stack.use(await startTestbed());
  let count = 0;
  const started: RunningTbot[] = [];
  const running = stack.move();
  return {
    testbed,
    async start(asked, services, options = {}) {
      const directory = join(testbed.directory, `b${(count += 1)}`);
      const diagAddress = options.diagAddress ?? `127.0.0.1:${await unusedPort()}`;
      const text = configure(testbed, asked, services, { ...options, diagAddress });
      writeFileSync(`${directory}.yaml`, text.replaceAll('$DEST', directory));
      const path = await testbed.tbot(asked);
      const tbot = launch(path, directory, diagAddress, testbed, options);
      started.push(tbot);
      return tbot;
    },
    async reset() {
      for (const tbot of started.splice(0)) await tbot[Symbol.asyncDispose]();
      calm(testbed.faults);
      Object.assign(testbed.proxy.tokens, defaultTokens);
      testbed.proxy.databases.clear();
    },
    [Symbol.asyncDispose]: async () => await running.disposeAsync(),
  };
}

/** Whether older versions list the service under `outputs`. */
function isOutput(service: string): boolean {
  return !/type: [\w-]+-(tunnel|multiplexer)/.test(service);
}

function configure(
  { proxy }: Testbed,
  version: string,
  services: readonly string[],
  { ttl = '1h', interval = '200ms', diagAddress = '' }: BackgroundOptions,
): string {
  const { rootKeys, entry, serviceLists } = playedVersion(version);
  const outputs = entry === 'output' ? services.filter(isOutput) : [];
  const others = services.filter((service) => !outputs.includes(service));
  const known = (first: string, other: string) => (rootKeys.includes(first) ? first : other);
  return `version: v2
onboarding: {join_method: github, token: ci-github}
storage: {type: memory}
${known('proxy_server', 'auth_server')}: "${proxy.address}"
${known('credential_ttl', 'certificate_ttl')}: ${ttl}
renewal_interval: ${interval}
diag_addr: "${diagAddress}"
oneshot: false
${others.length > 0 ? `${serviceLists[0]}: [${others.join(', ')}]` : ''}
${outputs.length > 0 ? `outputs: [${outputs.join(', ')}]` : ''}
`;
}

function launch(
  path: string,
  directory: string,
  diagAddress: string,
  testbed: Testbed,
  { environment }: BackgroundOptions,
): RunningTbot {
  const child = spawn(path, ['start', '-c', `${directory}.yaml`], {
    env: {
      PATH: '/usr/bin:/bin',
      SSL_CERT_FILE: testbed.caFile,
      ...testbed.github.environment,
      ...environment,
    },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let printed = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    printed += text;
    child.emit('printed');
  });
  const log = () => clean(printed).replaceAll(directory, '$DEST');
  let over = false;
  const ended = once(child, 'close').then(([code, signal]) => {
    over = true;
    child.emit('printed');
    return code ?? signal;
  });
  return {
    pid: child.pid ?? 0,
    directory,
    log,
    ended,
    kill: (signal) => child.kill(signal),
    async logged(pattern, from = 0) {
      for (;;) {
        const [found] = pattern.exec(log().slice(from)) ?? [];
        if (found !== undefined) return found;
        if (over) throw new Error(`tbot ended before ${pattern}:\n${log()}`);
        await once(child, 'printed');
      }
    },
    async diagnose(route) {
      for (;;) {
        const response = await fetch(`http://${diagAddress}${route}`).catch(() => undefined);
        if (response !== undefined) return { status: response.status, text: await response.text() };
        if (over) throw new Error(`tbot ended before it answered:\n${log()}`);
      }
    },
    [Symbol.asyncDispose]: async () => {
      child.kill('SIGKILL');
      await ended;
      rmSync(`${directory}.yaml`, { force: true });
    },
  };
}

function clean(text: string): string {
  return (
    text
      // eslint-disable-next-line no-control-regex
      .replaceAll(/\u001B\[\d+m/g, '')
      .replaceAll(/^\d{4}-\d\d-\d\dT[\d:.]+Z /gm, '')
      .replaceAll(/^\t\/\S+:\d+ \S+\n/gm, '')
  );
}

/** Reads a file until it changes. */
export async function changed(path: string): Promise<string> {
  const before = await readFile(path, 'utf8');
  for (;;) {
    const now = await readFile(path, 'utf8');
    if (now !== before && now !== '') return now;
  }
}

/** Returns a free port below the range from which Linux assigns ports to other programs. */
export async function unusedPort(): Promise<number> {
  for (;;) {
    const port = randomInt(20_000, 32_000);
    const server = createServer().listen(port, '127.0.0.1');
    const free = await once(server, 'listening').then(
      () => true,
      () => false,
    );
    if (!free) continue;
    server.close();
    await once(server, 'close');
    return port;
  }
}
