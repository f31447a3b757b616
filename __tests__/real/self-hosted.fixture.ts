import { readFileSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { connect, type Socket } from 'node:net';
import { join } from 'node:path';
import { parse } from 'yaml';
import { createAuthority } from '../../testbed/ca.ts';
import { defaultResources } from '../../testbed/defaults.ts';
import { listenHttps } from '../../testbed/loopback.ts';
import { type Registry, startRegistry } from '../../testbed/registry.ts';
import { putImage } from '../../testbed/registry-image.ts';
import type { StandInRunner, StepResult } from '../../testbed/runner/runner.ts';
import { openFixture as openNetwork } from '../integration/http.fixture.ts';
import { trackErrors } from '../integration/http.fixture.ts';
import { openFixture, type Fixture } from '../action/action.fixture.ts';
import { evaluate, type Step } from './recipes.ts';

const page = readFileSync(new URL('../../docs/self-hosted.md', import.meta.url), 'utf8');

/** Returns the fences of a language below a heading of docs/self-hosted.md, without indentation. */
export function fencesBelow(heading: string, language = 'yaml'): readonly string[] {
  const [, after] = page.split(new RegExp(`^#+ ${heading}$`, 'm'));
  if (after === undefined) throw new Error(`docs/self-hosted.md has no heading "${heading}"`);
  const section = after.split(/^#+ [A-Z]/m, 1).join('');
  const fences = section.matchAll(new RegExp(`^( *)\`\`\`${language}\n([^]*?)^ *\`\`\`$`, 'gm'));
  return [...fences].map(([, indentation = '', body = '']) =>
    body.replaceAll(new RegExp(`^${indentation}`, 'gm'), ''),
  );
}

/** Returns the steps of a YAML fence below a heading. */
export function stepsBelow(heading: string, index = 0): readonly Step[] {
  const value: unknown = parse(fencesBelow(heading)[index] ?? '');
  if (Array.isArray(value)) return value;
  const { steps, jobs }: { steps?: Step[]; jobs?: Record<string, { steps: Step[] }> } =
    Object(value);
  return steps ?? Object.values(jobs ?? {}).flatMap((job) => job.steps);
}

/** A network in which an HTTP proxy is the only way out, and the hosts that the page names. */
export interface Hosts extends AsyncDisposable {
  readonly fixture: Fixture;
  readonly registry: Registry;
  /** The hosts to which the HTTP proxy connected. */
  readonly contacted: Set<string>;
  /** Address of the HTTP proxy, as a URL. */
  readonly httpProxy: string;
  /** PEM file with the CA certificates of all hosts. */
  readonly caFile: string;
  /** A folder that the test may use. */
  readonly folder: string;
  /** The files of mirror.example.com, as `/path` on the server and the folder. */
  mirrored: string;
  /** Variables of a runner that trusts the CAs. */
  readonly environment: Readonly<Record<string, string>>;
  /** Starts a job. */
  job(options?: JobOptions): Promise<Job>;
}

interface JobOptions {
  /** Replaces the variables of the runner. */
  readonly environment?: Readonly<Record<string, string>>;
  readonly toolCache?: string;
}

/** A job on a runner. */
export interface Job extends AsyncDisposable {
  readonly runner: StandInRunner;
  /** Runs a step of the page. `change` replaces texts in its script and inputs. */
  play(step: Step | undefined, change?: (text: string) => string): Promise<StepResult>;
}

/** Starts the testbed and the hosts. The bot may log in to its node as `user`. */
export async function openHosts(user: string): Promise<Hosts> {
  const fixture = await openFixture({
    clusterName: 'example.teleport.sh',
    bots: { example: { roles: ['access'], logins: [user] } },
    tokens: {
      'example-bot': { bot: 'example', joinMethod: 'github', allow: [{ repository: 'acme/web' }] },
      'example-bot-azure': {
        bot: 'example',
        joinMethod: 'azure',
        allow: [{ subscription: '11111111-1111-1111-1111-111111111111' }],
      },
    },
    resources: { ...defaultResources, apps: { grafana: {} }, nodes: ['web-1'] },
  });
  const { testbed } = fixture;
  const network = await openNetwork();
  const authority = await createAuthority({ organization: 'Company', commonName: 'Company CA' });
  const names = ['cdn.teleport.dev', 'mirror.example.com', 'registry.example.com', '127.0.0.1'];
  const certificate = await authority.serverCertificate(names);
  const caFile = join(testbed.directory, 'company-ca.pem');
  writeFileSync(caFile, `${readFileSync(testbed.caFile, 'utf8')}${authority.pem}`);
  const state = { mirrored: testbed.directory };
  const cdn = network.keep(
    await listenHttps(certificate, (request, response) => void publish(fixture, request, response)),
  );
  const mirror = network.keep(
    await listenHttps(certificate, (request, response) => {
      const [, name = ''] = /^\/teleport\/([\w.-]+)$/.exec(request.url ?? '') ?? [];
      serve(join(state.mirrored, name), response);
    }),
  );
  const registry = await startRegistry({ certificate, token: false, storage: false });
  await fill(registry, fixture);
  const contacted = new Set<string>();
  const httpProxy = await openProxy(contacted, network, {
    'example.teleport.sh': portOf(testbed.proxy.address),
    'grafana.example.teleport.sh': portOf(testbed.proxy.address),
    'cdn.teleport.dev': cdn.port,
    'mirror.example.com': mirror.port,
    'registry.example.com': portOf(registry.address),
  });
  const trust = { NODE_EXTRA_CA_CERTS: caFile, SSL_CERT_FILE: caFile, CURL_CA_BUNDLE: caFile };
  const PATH = '/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin';
  const environment = {
    ...testbed.github.environment,
    ...trust,
    HTTPS_PROXY: httpProxy,
    HTTP_PROXY: httpProxy,
    PATH,
  };
  return {
    fixture,
    registry,
    contacted,
    httpProxy,
    caFile,
    folder: testbed.directory,
    environment,
    get mirrored() {
      return state.mirrored;
    },
    set mirrored(folder) {
      state.mirrored = folder;
    },
    job: async (options = {}) =>
      jobOn(fixture, await fixture.runner({ environment, ...options }), caFile),
    [Symbol.asyncDispose]: async () => {
      await registry[Symbol.asyncDispose]();
      await network.clear();
      await network[Symbol.asyncDispose]();
      await fixture[Symbol.asyncDispose]();
    },
  };
}

function portOf(address: string): number {
  return Number(address.split(':').at(-1));
}

/** Serves the archives of the testbed as cdn.teleport.dev. */
async function publish(
  { testbed }: Fixture,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const name = request.url?.slice(1) ?? '';
  const archive = name.replace(/\.sha256$/, '');
  const bytes = await testbed.downloads.archive(archive);
  if (bytes === undefined) return void response.writeHead(404).end();
  if (name === archive) return void response.end(bytes);
  response.end(`${await testbed.downloads.checksum(archive)}  ${archive}\n`);
}

function serve(path: string, response: ServerResponse): void {
  try {
    response.end(readFileSync(path));
  } catch {
    response.writeHead(404).end();
  }
}

async function fill(registry: Registry, { testbed }: Fixture): Promise<void> {
  const content = readFileSync(await testbed.tbot());
  const members = [{ name: 'usr/local/bin/tbot', content, mode: 0o755 }];
  putImage(registry, { tag: '18.2.4', layers: [{ content: members }] });
}

/** Starts an HTTP proxy that connects only to these hosts. Returns its URL. */
async function openProxy(
  contacted: Set<string>,
  network: Awaited<ReturnType<typeof openNetwork>>,
  ports: Readonly<Record<string, number>>,
): Promise<string> {
  const server = createServer();
  server.on('connect', (request, socket: Socket) => {
    socket.on('error', () => undefined);
    const [host = ''] = (request.url ?? '').split(':');
    contacted.add(host);
    const port = ports[host];
    if (port === undefined) return void socket.end('HTTP/1.1 403 Forbidden\r\n\r\n');
    const onward = connect(port, '127.0.0.1', () => {
      socket.write('HTTP/1.1 200 OK\r\n\r\n');
      onward.pipe(socket);
      socket.pipe(onward);
    });
    onward.on('error', () => socket.destroy());
    socket.on('error', () => onward.destroy());
  });
  const port = await trackErrors(server);
  network.keep({ close: () => server.close() });
  return `http://127.0.0.1:${port}`;
}

function jobOn(fixture: Fixture, runner: StandInRunner, caFile: string): Job {
  const outputs: Record<string, StepResult['outputs']> = {};
  const play: Job['play'] = async (step = {}, change = (text) => text) => {
    const env = evaluate(step.env ?? {}, outputs);
    if (step.uses === undefined) return await runner.run(change(step.run ?? ''), { env });
    const given = Object.entries(step.with ?? {}).map(([name, value]) => [name, change(value)]);
    const inputs: Record<string, string> = Object.fromEntries(given);
    if ('extra-ca-file' in inputs) inputs['extra-ca-file'] = caFile;
    const result = await fixture.uses(runner, { inputs });
    if (step.id !== undefined) outputs[step.id] = result.outputs;
    return result;
  };
  return { runner, play, [Symbol.asyncDispose]: async () => runner[Symbol.asyncDispose]() };
}
