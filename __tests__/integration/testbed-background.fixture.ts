import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { rmSync, writeFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { defaultTokens } from '../../testbed/defaults.ts';
import { closedPort } from '../../testbed/loopback.ts';
import { playedVersion } from '../../testbed/tbot/versions.ts';
import { startTestbed, type Testbed } from '../../testbed/testbed.ts';
import { calm } from './testbed-teleport.fixture.ts';

/** A stand-in tbot that keeps running. */
export interface RunningTbot extends AsyncDisposable {
  readonly pid: number;
  /** `$DEST` of its services. */
  readonly directory: string;
  /** What it printed so far, without colours, times and stack traces. */
  log(): string;
  /** Resolves when the log after `from` (a position) matches; rejects when tbot ends before. */
  logged(pattern: RegExp, from?: number): Promise<string>;
  /** The answer of a diagnostics route, as soon as there is one. */
  diagnose(route: string): Promise<{ readonly status: number; readonly text: string }>;
  /** Exit code or signal. */
  readonly ended: Promise<number | NodeJS.Signals | null>;
  kill(signal: NodeJS.Signals): void;
}

/** Settings that differ from a renewal each 200 ms of certificates for an hour. */
export interface BackgroundOptions {
  readonly interval?: string;
  readonly ttl?: string;
  readonly environment?: NodeJS.ProcessEnv;
  readonly diagAddress?: string;
}

/** A testbed that starts any number of them. */
export interface BackgroundFixture extends AsyncDisposable {
  readonly testbed: Testbed;
  /** `services` in YAML's flow style; `$DEST` stands for a new folder. */
  start(
    version: string,
    services: readonly string[],
    options?: BackgroundOptions,
  ): Promise<RunningTbot>;
  /** Ends all of them, and undoes what a test changed in the testbed. */
  reset(): Promise<void>;
}

/** Starts it; tbots of every version meet the same cluster. */
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
      const diagAddress = options.diagAddress ?? `127.0.0.1:${await closedPort()}`;
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

/** Older versions keep outputs and long-running services apart. */
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

/** Reads a file again and again until it changes. */
export async function changed(path: string): Promise<string> {
  const before = await readFile(path, 'utf8');
  for (;;) {
    const now = await readFile(path, 'utf8');
    if (now !== before && now !== '') return now;
  }
}
