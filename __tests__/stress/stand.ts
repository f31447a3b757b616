import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { appendFile, readFile } from 'node:fs/promises';
import { IncomingMessage } from 'node:http';
import { gzipSync } from 'node:zlib';
import { createAuthority } from '../../testbed/ca.ts';
import { tar } from '../../testbed/downloads/tar.ts';
import { type Registry, startRegistry } from '../../testbed/registry.ts';
import { putImage } from '../../testbed/registry-image.ts';
import { startTestbed, type Testbed } from '../../testbed/testbed.ts';
import { labelOf } from './events.ts';
import { probe } from './step.ts';

/** How a join is done: the join method, where tbot comes from, and whether it keeps running. */
export const scenarios = ['archive', 'image', 'tool cache', 'background'] as const;

export type Scenario = (typeof scenarios)[number];

/** The inputs and the environment of a join that succeeds. */
export interface Join {
  readonly inputs: Readonly<Record<string, string>>;
  readonly environment: Readonly<Record<string, string>>;
}

/** A testbed with a registry, whose tbot is watched by the probe as well. */
export interface Stand extends AsyncDisposable {
  readonly testbed: Testbed;
  join(scenario: Scenario): Join;
  /** Called with the label of each request when it arrives, before it is answered. */
  onRequest: ((label: string) => void) | undefined;
}

const version = '18.2.4';
const architectures = { x64: 'amd64', arm64: 'arm64' } as const;

export async function openStand(): Promise<Stand> {
  await using stack = new AsyncDisposableStack();
  const testbed = stack.use(await startTestbed({ teleportVersion: version }));
  const tbot = (await readFile(await testbed.tbot(), 'utf8')).replace(
    /^NODE_COMPILE_CACHE=/m,
    `NODE_OPTIONS='${probe}' $&`,
  );
  if (!tbot.includes(probe)) throw new Error('the launcher of the stand-in tbot has changed');
  const arch = architectures[process.arch === 'arm64' ? 'arm64' : 'x64'];
  testbed.downloads.publish(
    `teleport-v${version}-linux-${arch}-bin.tar.gz`,
    gzipSync(tar([{ name: 'teleport/tbot', content: tbot }])),
  );
  const registry = stack.use(await openRegistry(testbed, tbot, arch));
  const nameOf = serviceNames(testbed, registry);
  const listener = (message: unknown): void => {
    const request = requestIn(message);
    if (request === undefined) return;
    const [path = ''] = (request.url ?? '').split('?');
    const place = labelOf(path.replaceAll(/\/(?:sha256:)?[\da-f]{64}$/g, '/*'));
    stand.onRequest?.(`request: ${nameOf(request.socket.localPort)} ${request.method} ${place}`);
  };
  subscribe('http.server.request.start', listener);
  stack.defer(() => void unsubscribe('http.server.request.start', listener));
  const opened = stack.move();
  const stand: Stand = {
    testbed,
    join: (scenario) => joinOf(scenario, testbed, registry),
    onRequest: undefined,
    [Symbol.asyncDispose]: async () => opened.disposeAsync(),
  };
  return stand;
}

function requestIn(message: unknown): IncomingMessage | undefined {
  if (typeof message !== 'object' || message === null || !('request' in message)) return undefined;
  return message.request instanceof IncomingMessage ? message.request : undefined;
}

/** Opens a registry whose certificate the testbed's CA file trusts as well. */
async function openRegistry(
  testbed: Testbed,
  tbot: string,
  architecture: string,
): Promise<Registry> {
  const authority = await createAuthority({ organization: 'Stress', commonName: 'Registry CA' });
  await appendFile(testbed.caFile, authority.pem);
  const certificate = await authority.serverCertificate(['localhost', '127.0.0.1']);
  const registry = await startRegistry({ certificate });
  putImage(registry, {
    tag: version,
    layers: [{ content: [{ name: 'usr/local/bin/tbot', content: tbot }] }],
    architecture,
  });
  return registry;
}

function serviceNames(testbed: Testbed, registry: Registry): (port?: number) => string {
  const { proxy, github, imds, downloads } = testbed;
  const names = new Map([
    [portOf(proxy.address), 'proxy'],
    [portOf(github.issuer), 'GitHub'],
    [portOf(imds.environment.AZURE_POD_IDENTITY_AUTHORITY_HOST), 'IMDS'],
    [portOf(downloads.url), 'download'],
    [portOf(registry.address), 'registry'],
  ]);
  return (port) => names.get(port) ?? 'storage';
}

function portOf(address: string): number | undefined {
  return Number(/:(\d+)$/.exec(address)?.[1]);
}

function joinOf(scenario: Scenario, testbed: Testbed, registry: Registry): Join {
  const { proxy, downloads, github, imds, caFile } = testbed;
  const common = { proxy: proxy.address, 'extra-ca-file': caFile, summary: 'always' };
  if (scenario === 'image') {
    const mirror = `${registry.address}/mirrored/tbot-distroless`;
    const inputs = { ...common, token: 'ci-azure', 'join-method': 'azure', mirror };
    return { inputs, environment: { ...imds.environment } };
  }
  const inputs = {
    ...common,
    token: 'ci-github',
    mirror: downloads.url,
    services: '- type: identity\n- {type: kubernetes/v2, selectors: [{name: prod}]}',
    ...(scenario === 'background'
      ? { mode: 'background', 'application-tunnel': 'hello', timeout: '1m' }
      : {}),
  };
  return { inputs, environment: { ...github.environment } };
}
