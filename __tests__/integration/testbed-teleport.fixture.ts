import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, writeFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { expect } from 'vitest';
import { createAuthority } from '../../testbed/ca.ts';
import { defaultBots, defaultTokens } from '../../testbed/defaults.ts';
import { type Faults, noFaults } from '../../testbed/faults.ts';
import { type GithubIssuer, startGithubIssuer } from '../../testbed/github.ts';
import { type Imds, startImds } from '../../testbed/imds.ts';
import { installTbot, type InstalledTbot } from '../../testbed/tbot/install.ts';
import { playedVersion } from '../../testbed/tbot/versions.ts';
import { type ProxyOptions, type ProxyServer, startProxy } from '../../testbed/teleport/proxy.ts';

/** The result of a stand-in. */
export interface Ending {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  /** Without colours and times, `$DEST` for the destinations' folder. */
  readonly stderr: string;
  readonly raw: string;
}

/** Changes to the configuration. */
export interface Sketch {
  readonly token?: string;
  readonly method?: string;
  readonly onboarding?: string;
  readonly address?: string;
  /** Lines of the root. */
  readonly root?: string;
  /** Lines of the identity output; '' for no output. */
  readonly outputs?: string;
}

/** A proxy, GitHub, IMDS and one stand-in, with a folder. */
export interface Fixture extends AsyncDisposable {
  readonly faults: Faults;
  readonly proxy: ProxyServer;
  readonly github: GithubIssuer;
  readonly imds: Imds;
  readonly tbot: InstalledTbot;
  readonly folder: string;
  /** `$DEST` of the transcripts. */
  readonly destinations: string;
  readonly environment: Readonly<Record<string, string>>;
  config(sketch?: Sketch): string;
  spawn(args: readonly string[], env?: NodeJS.ProcessEnv): ReturnType<typeof spawn>;
  /** Writes `k.yaml` and runs `tbot start -c k.yaml`. */
  start(sketch?: Sketch, env?: NodeJS.ProcessEnv, ...args: string[]): Promise<Ending>;
  /** Like `start`, for a tbot that must fail. */
  fail(sketch: Sketch, env?: NodeJS.ProcessEnv): Promise<Ending>;
  run(args: readonly string[], env?: NodeJS.ProcessEnv): Promise<Ending>;
  /** Returns the names of the files in a destination. Empty if the folder does not exist. */
  files(destination?: string): string[];
}

/** Starts the fixture with a cluster and a stand-in of the same version. */
export async function startFixture(
  version: string,
  options: Partial<ProxyOptions> = {},
): Promise<Fixture> {
  const faults = noFaults();
  const folder = mkdtempSync(join(tmpdir(), 'fixture-'));
  const webAuthority = await createAuthority({ organization: 'T', commonName: 'Web' });
  const caFile = join(folder, 'ca.pem');
  writeFileSync(caFile, webAuthority.pem);
  const github = await startGithubIssuer({ faults });
  const imds = await startImds({ faults });
  const proxy = await startProxy({
    clusterName: 'rig.example.com',
    teleportVersion: version,
    bots: defaultBots,
    tokens: defaultTokens,
    faults,
    webAuthority,
    strangerAuthority: await createAuthority({ organization: 'X', commonName: 'Stranger' }),
    githubIssuer: () => github.issuer,
    imdsTrust: () => imds,
    ...options,
  });
  const tbot = await installTbot({ version, directory: join(folder, 'bin'), faults });
  const destinations = join(folder, 'dest');
  const environment = {
    PATH: '/usr/bin:/bin',
    SSL_CERT_FILE: caFile,
    ...github.environment,
    ...imds.environment,
  };
  const launch = (args: readonly string[], env: NodeJS.ProcessEnv = {}) =>
    spawn(tbot.path, args, { cwd: folder, env: { ...environment, ...env } });
  const config = (sketch: Sketch = {}) =>
    sketchConfig(version, proxy.address, destinations, sketch);
  const run = async (args: readonly string[], env?: NodeJS.ProcessEnv) =>
    await end(launch(args, env), destinations);
  const start: Fixture['start'] = async (sketch, env, ...args) => {
    await rm(destinations, { recursive: true, force: true });
    writeFileSync(join(folder, 'k.yaml'), config(sketch));
    return await run([...args, 'start', '-c', 'k.yaml'], env);
  };
  return {
    faults,
    proxy,
    github,
    imds,
    tbot,
    folder,
    destinations,
    environment,
    config,
    spawn: launch,
    run,
    start,
    async fail(sketch, env) {
      const ending = await start(sketch, env);
      expect(ending).toMatchObject({ code: 1, signal: null, stdout: '' });
      expect(ending.raw).toContain('\u001B[31mERROR: \u001B[0m');
      return ending;
    },
    files(destination = 'identity') {
      const path = join(destinations, destination);
      return existsSync(path) ? readdirSync(path).toSorted() : [];
    },
    async [Symbol.asyncDispose]() {
      for (const part of [proxy, github, imds]) await part[Symbol.asyncDispose]();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

function sketchConfig(version: string, address: string, dest: string, sketch: Sketch): string {
  const { rootKeys, entry } = playedVersion(version);
  const usual = `  - type: identity\n    destination:\n      type: directory\n      path: ${dest}/identity`;
  const outputs = sketch.outputs?.replaceAll('$DEST', dest) ?? usual;
  return `version: v2
onboarding: {join_method: ${sketch.method ?? 'github'}, token: ${sketch.token ?? 'ci-github'}${sketch.onboarding ?? ''}}
storage: {type: memory}
${rootKeys.includes('proxy_server') ? 'proxy_server' : 'auth_server'}: "${sketch.address ?? address}"
${rootKeys.includes('credential_ttl') ? 'credential_ttl' : 'certificate_ttl'}: 30m
renewal_interval: 10m
oneshot: true
${sketch.root ?? ''}
${entry}s:${outputs === '' ? ' []' : `\n${outputs}`}
`;
}

/** Waits for a process and returns its output. */
export async function end(child: ReturnType<typeof spawn>, destinations = ''): Promise<Ending> {
  const closed = new Promise<[number | null, NodeJS.Signals | null]>((resolve) => {
    child.on('close', (code, signal) => resolve([code, signal]));
  });
  const { stdout: out, stderr: err } = child;
  if (!out || !err) throw new Error('the child has no pipes');
  const [stdout, raw, [code, signal]] = await Promise.all([text(out), text(err), closed]);
  const plain = raw
    // eslint-disable-next-line no-control-regex
    .replaceAll(/\u001B\[\d+m/g, '')
    .replaceAll(/^\d{4}-\d\d-\d\dT[\d:.]+Z /gm, '');
  const stderr = destinations === '' ? plain : plain.replaceAll(destinations, '$DEST');
  return { code, signal, stdout, stderr, raw };
}

/** Returns the text after `ERROR: `. */
export function errorOf(ending: Ending): string {
  const [, words] = /^ERROR: ([\s\S]*)$/m.exec(ending.stderr) ?? [];
  return (words ?? '').trimEnd();
}

/** Returns the lines before `ERROR: `. */
export function logOf(ending: Ending): string[] {
  const [log = ''] = ending.stderr.split(/^ERROR: /m);
  return log.split('\n').filter((line) => line !== '');
}

/** The first line of every run, and the end of the failure of the other endpoint. */
export const created =
  'INFO [TBOT]      Created directory "$DEST/identity" config/destination_directory.go:135';
export const loginPage = "invalid character '<' looking for beginning of value";
export const redirected =
  'rpc error: code = Unknown desc = unexpected HTTP status code received from server: 302 (Found); malformed header: missing HTTP content-type';

/** Returns whether the last line has both causes, in either order. */
export function either(one: string, other: string): string[] {
  return [`${one}, ${other}`, `${other}, ${one}`];
}

/** Clears all faults. */
export function calm(faults: Faults): void {
  const { clock, ...none } = noFaults();
  Object.assign(faults, none);
  Object.assign(faults.clock, clock);
}
