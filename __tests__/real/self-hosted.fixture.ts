import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer, type ServerResponse } from 'node:http';
import { connect, type Socket } from 'node:net';
import { join } from 'node:path';
import { parse } from 'yaml';
import { createAuthority } from '../../testbed/ca.ts';
import { defaultResources } from '../../testbed/defaults.ts';
import { listenHttps } from '../../testbed/loopback.ts';
import { type Registry, startRegistry } from '../../testbed/registry.ts';
import { putImage } from '../../testbed/registry-image.ts';
import type { StandInRunner, StepResult } from '../../testbed/runner/runner.ts';
import {
  openFixture as openNetwork,
  type Fixture as Network,
  trackErrors,
} from '../integration/http.fixture.ts';
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
  /** The hosts to which the HTTP proxy connected. */
  readonly contacted: Set<string>;
  /** URL of the HTTP proxy. */
  readonly httpProxy: string;
  /** The folder with the files of https://mirror.example.com/teleport. */
  readonly mirror: { folder: string };
  /** Variables of a runner that trusts the CAs of all hosts. */
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
  const stack = new AsyncDisposableStack();
  const fixture = stack.use(await openCluster(user));
  const network = stack.use(await openNetwork());
  stack.defer(async () => network.clear());
  const { directory, github } = fixture.testbed;
  const mirror = { folder: directory };
  const { ports, registry, caFile } = await openSites(fixture, network, mirror);
  stack.use(registry);
  const contacted = new Set<string>();
  const httpProxy = await openProxy(contacted, network, ports);
  const environment = {
    ...github.environment,
    NODE_EXTRA_CA_CERTS: caFile,
    SSL_CERT_FILE: caFile,
    CURL_CA_BUNDLE: caFile,
    HTTPS_PROXY: httpProxy,
    HTTP_PROXY: httpProxy,
    PATH: '/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin',
  };
  return {
    fixture,
    contacted,
    httpProxy,
    mirror,
    environment,
    job: async (options = {}) =>
      jobOn(fixture, await fixture.runner({ environment, ...options }), caFile),
    [Symbol.asyncDispose]: async () => stack.disposeAsync(),
  };
}

async function openCluster(user: string): Promise<Fixture> {
  const bot = 'example';
  const subscription = '11111111-1111-1111-1111-111111111111';
  return openFixture({
    clusterName: 'example.teleport.sh',
    bots: { [bot]: { roles: ['access'], logins: [user] } },
    tokens: {
      'example-bot': { bot, joinMethod: 'github', allow: [{ repository: 'acme/web' }] },
      'staging-bot-azure': { bot, joinMethod: 'azure', allow: [{ subscription }] },
    },
    resources: { ...defaultResources, apps: { grafana: {} }, nodes: ['web-1', 'staging-1'] },
  });
}

/** The download sites and mirrors of the page, with the ports of all hosts on loopback. */
interface Sites {
  readonly ports: Readonly<Record<string, number>>;
  readonly registry: Registry;
  /** PEM file with the CA certificates of all hosts. */
  readonly caFile: string;
}

async function openSites(
  fixture: Fixture,
  network: Network,
  mirror: { readonly folder: string },
): Promise<Sites> {
  const { testbed } = fixture;
  const authority = await createAuthority({ organization: 'Company', commonName: 'Company CA' });
  const names = ['cdn.teleport.dev', 'mirror.example.com', 'registry.example.com'];
  const certificate = await authority.serverCertificate(names);
  const caFile = join(testbed.directory, 'company-ca.pem');
  writeFileSync(caFile, `${readFileSync(testbed.caFile, 'utf8')}${authority.pem}`);
  const cdn = await listenHttps(certificate, ({ url }, response) => {
    void publish(fixture, url?.slice(1) ?? '', response);
  });
  const copies = await listenHttps(certificate, ({ url }, response) => {
    const [, name = ''] = /^\/teleport\/([\w.-]+)$/.exec(url ?? '') ?? [];
    const path = join(mirror.folder, name);
    if (name !== '' && existsSync(path)) response.end(readFileSync(path));
    else response.writeHead(404).end();
  });
  for (const site of [cdn, copies]) network.keep(site);
  const registry = await startRegistry({ certificate, token: false, storage: false });
  const content = readFileSync(await testbed.tbot());
  const members = [{ name: 'usr/local/bin/tbot', content }];
  putImage(registry, { tag: '18.2.4', layers: [{ content: members }] });
  const ports = {
    'example.teleport.sh': portOf(testbed.proxy.address),
    'grafana.example.teleport.sh': portOf(testbed.proxy.address),
    'cdn.teleport.dev': cdn.port,
    'mirror.example.com': copies.port,
    'registry.example.com': portOf(registry.address),
  };
  return { ports, registry, caFile };
}

function portOf(address: string): number {
  return Number(address.split(':').at(-1));
}

/** Serves the archives of the testbed as cdn.teleport.dev. */
async function publish(
  { testbed }: Fixture,
  name: string,
  response: ServerResponse,
): Promise<void> {
  const archive = name.replace(/\.sha256$/, '');
  const bytes = await testbed.downloads.archive(archive);
  if (bytes === undefined) response.writeHead(404).end();
  else if (name === archive) response.end(bytes);
  else response.end(`${await testbed.downloads.checksum(archive)}  ${archive}\n`);
}

/** Starts an HTTP proxy that connects only to these hosts. Returns its URL. */
async function openProxy(
  contacted: Set<string>,
  network: Network,
  ports: Readonly<Record<string, number>>,
): Promise<string> {
  const server = createServer();
  server.on('connect', (request, socket: Socket) => {
    socket.on('error', () => undefined);
    const [host = ''] = (request.url ?? '').split(':');
    contacted.add(host);
    const port = ports[host];
    if (port === undefined) {
      socket.end('HTTP/1.1 403 Forbidden\r\n\r\n');
      return;
    }
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
