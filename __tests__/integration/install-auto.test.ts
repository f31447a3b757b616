import { writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { connect, type Socket } from 'node:net';
import { join } from 'node:path';

import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';

import { install, type Tool } from '../../src/install/install.ts';
import { type HttpClient, openHttpClient } from '../../src/http/client.ts';
import { createAuthority } from '../../testbed/ca.ts';
import { type DownloadSite, startDownloads } from '../../testbed/downloads.ts';
import { closedPort } from '../../testbed/loopback.ts';
import { type Registry, startRegistry } from '../../testbed/registry.ts';
import { putImage } from '../../testbed/registry-image.ts';
import { createSigningKey } from '../../testbed/signatures.ts';
import { base, tbotOf } from './install-image.fixture.ts';
import { type Change, openFixture, type Fixture } from './install.fixture.ts';
import { trusting } from './signature.fixture.ts';
import { trackErrors } from './http.fixture.ts';

/** Teleport's download sites, which an HTTP proxy redirects to loopback. */
const publicRegistry = 'public.ecr.aws:443';
const publicSite = 'cdn.teleport.dev:443';

let fixture: Fixture;
let registry: Registry;
let downloads: DownloadSite;
let network: HttpClient;
let caFile: string;
let env: Record<string, string>;
let ports: Record<string, number>;

async function httpProxy(): Promise<string> {
  const server = createServer();
  server.on('connect', (request, socket: Socket) => {
    const port = ports[request.url ?? ''];
    socket.on('error', () => undefined);
    if (port === undefined) return socket.end('HTTP/1.1 403 Forbidden\r\n\r\n');
    const onward = connect(port, '127.0.0.1', () => {
      socket.write('HTTP/1.1 200 OK\r\n\r\n');
      onward.pipe(socket);
      socket.pipe(onward);
    });
    return onward.on('error', () => socket.destroy());
  });
  const port = await trackErrors(server);
  server.unref();
  return `http://127.0.0.1:${port}`;
}

beforeAll(async () => {
  fixture = await openFixture();
  const authority = await createAuthority({ organization: 'Test', commonName: 'Public CA' });
  const names = ['127.0.0.1', 'public.ecr.aws', 'cdn.teleport.dev'];
  const certificate = await authority.serverCertificate(names);
  caFile = join(fixture.testbed.directory, 'public-ca.pem');
  await writeFile(caFile, authority.pem);
  registry = await startRegistry({ certificate });
  const tbotPath = (version: string): Promise<string> => fixture.testbed.tbot(version);
  downloads = await startDownloads({ faults: fixture.testbed.faults, certificate, tbotPath });
  env = { HTTPS_PROXY: await httpProxy() };
});
beforeEach(async () => {
  await fixture.next();
  registry.fault = { kind: 'none' };
  // Open connections would not reach the ports of the next test.
  network = openHttpClient({ env, extraCaFile: caFile });
  putImage(registry, {
    tag: '18.2.4',
    layers: [{ content: base }, { content: [tbotOf('18.2.4', 5000)] }],
  });
  const url = new URL(downloads.url);
  ports = {
    [publicRegistry]: Number(registry.address.split(':')[1]),
    [publicSite]: Number(url.port),
  };
});
afterEach(() => network.close());
afterAll(async () => {
  await registry[Symbol.asyncDispose]();
  await downloads[Symbol.asyncDispose]();
  await fixture[Symbol.asyncDispose]();
});

const change = (inputs: Change['inputs'] = {}): Change => ({
  network,
  inputs: { mirror: undefined, ...inputs },
});
const auto = (inputs: Change['inputs'] = {}): Promise<Tool> =>
  install(fixture.request(change(inputs)));
const log = (): string => fixture.lines.join('\n');

describe('install-from: auto', () => {
  it('uses the image', async () => {
    expect(await auto()).toMatchObject({ source: 'image', version: '18.2.4' });
    expect(registry.requests.at(-1)?.host).toBe('storage');
    const paths = registry.requests.map(({ path }) => path);
    expect(paths).toContain('/v2/gravitational/tbot-distroless/manifests/18.2.4');
  });

  it('does not use the archive instead of an image that is not signed', async () => {
    const before = downloads.requests.length;
    const problem = await fixture.problem(change(trusting(createSigningKey())));
    expect(problem).toMatchObject({ code: 'signature' });
    expect(downloads.requests.slice(before)).toEqual([]);
  });

  it('requires a signature of the archive too, if the registry is unavailable', async () => {
    registry.fault = { kind: 'status', status: 503, path: /manifests/ };
    const problem = await fixture.problem(change(trusting(createSigningKey())));
    expect(problem).toMatchObject({
      code: 'signature',
      message: expect.stringContaining('bin.tar.gz.sig (HTTP 404)'),
    });
  });

  it.each([401, 403, 404, 429, 500, 503])('uses the archive after HTTP %i', async (status) => {
    registry.fault = { kind: 'status', status, path: /manifests/ };
    expect(await auto()).toMatchObject({ source: 'archive' });
    expect(log()).toContain(`returned HTTP ${status}. Downloading the release archive instead.`);
  });

  it.each([
    ['refuses the connection', async () => closedPort()],
    ['is blocked by the HTTP proxy', async () => undefined],
  ])('uses the archive if the registry %s', async (_, port) => {
    const other = await port();
    const { [publicRegistry]: mine, ...rest } = ports;
    expect(mine).toBeGreaterThan(0);
    ports = other === undefined ? rest : { ...rest, [publicRegistry]: other };
    expect(await auto()).toMatchObject({ source: 'archive' });
  });

  it('uses the archive if the connection is lost', async () => {
    registry.fault = { kind: 'half' };
    expect(await auto()).toMatchObject({ source: 'archive' });
  });

  it.each([
    [{ kind: 'altered', path: /sha256/ }, 'checksum'],
    [{ kind: 'html' }, 'archive'],
  ] as const)('fails after %j', async (fault, code) => {
    registry.fault = fault;
    expect(await fixture.problem(change())).toMatchObject({ code });
  });

  it('uses the archive for tools, without trying the image', async () => {
    const before = registry.requests.length;
    const tool = await auto({ tools: ['tsh', 'tctl'] });
    const tools = ['tsh', 'tctl'].map((name) => join(fixture.directory, name));
    expect(tool).toMatchObject({ source: 'archive', tools });
    expect(registry.requests).toHaveLength(before);
    expect(downloads.requests.filter(({ path }) => path.endsWith('.gz')).length).toBeGreaterThan(0);
  });

  it('has no fallback for an explicit choice', async () => {
    registry.fault = { kind: 'status', status: 404, path: /manifests/ };
    const image = await fixture.problem(change({ installFrom: 'image' }));
    expect(image).toMatchObject({ code: 'download' });
    const before = registry.requests.length;
    fixture.testbed.faults.downloads = { kind: 'status', status: 404 };
    const archive = await fixture.problem(change({ installFrom: 'archive' }));
    expect(archive).toMatchObject({ code: 'download' });
    expect(registry.requests).toHaveLength(before);
  });

  it('has no fallback for a mirror of the image', async () => {
    registry.fault = { kind: 'status', status: 404, path: /manifests/ };
    const mirror = `${registry.address}/tbot`;
    expect(await fixture.problem(change({ mirror }))).toMatchObject({ code: 'download' });
  });

  it('uses the archive of the requested edition', async () => {
    await auto({ edition: 'cloud', installFrom: 'archive' });
    const path = downloads.requests.findLast((request) => request.path.endsWith('.gz'))?.path;
    expect(path).toBe('/teleport-ent-v18.2.4-linux-amd64-bin.tar.gz');
  });
});
