import { createHash } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createAuthority } from '../../testbed/ca.ts';
import { listenHttps, type Listener } from '../../testbed/loopback.ts';
import { startRegistry, trickle } from '../../testbed/registry.ts';
import { putImage } from '../../testbed/registry-image.ts';
import { makeRelease, type Order, type Program, type Range, version } from './archive.ts';

/** The addresses and sizes that the contestants need. `throttled` is 50 MB/s. */
export interface Served {
  readonly caFile: string;
  readonly archives: Readonly<Record<Speed, string>>;
  readonly images: Readonly<Record<Speed, string>>;
  /** Digest of the layer with tbot. */
  readonly layer: string;
  /** Where the programs are in the unpacked archives, and tbot in the unpacked layer. */
  readonly ranges: Readonly<Record<Order, Readonly<Record<Program, Range>>>>;
  readonly layerRange: Range;
  readonly bytes: { readonly archive: number; readonly layer: number };
}

export type Speed = 'unlimited' | 'throttled';

const name = `teleport-v${version}-linux-amd64-bin.tar.gz`;
const throttle = 50_000_000;

// A separate process, so that the server's TLS does not slow down the contestants.
const directory = process.argv[2] ?? '';
const authority = await createAuthority({ organization: 'Bench', commonName: 'Bench CA' });
const certificate = await authority.serverCertificate(['127.0.0.1', 'localhost']);
const caFile = join(directory, 'ca.pem');
await writeFile(caFile, authority.pem);
const release = makeRelease();
const archives = new Map(
  (['first', 'middle', 'last'] as const).map((order) => [order, release.archive(order)]),
);

async function site(perSecond: number | undefined): Promise<Listener> {
  return listenHttps(certificate, (request, response) => {
    const order = [...archives.keys()].find((key) => request.url?.startsWith(`/${key}/`));
    const bytes = order && archives.get(order);
    if (!bytes) return void response.writeHead(404).end();
    if (request.url?.endsWith('.sha256'))
      return void response.end(`${createHash('sha256').update(bytes).digest('hex')}  ${name}\n`);
    response.writeHead(200, { 'content-length': bytes.length });
    return perSecond === undefined
      ? void response.end(bytes)
      : void trickle(response, bytes, perSecond);
  });
}

async function repository(bytesPerSecond?: number): Promise<string> {
  const registry = await startRegistry({
    certificate,
    ...(bytesPerSecond !== undefined && { bytesPerSecond }),
  });
  const layers = [
    { content: [{ name: 'etc/passwd', content: 'root' }] },
    { content: release.layer.plain },
    { content: [{ name: 'etc/os-release', content: 'ID=bench\n' }] },
  ];
  putImage(registry, { tag: version, layers });
  return `${registry.address}/tbot`;
}

function ranges(order: Order): Record<Program, Range> {
  const range = (program: Program): Range => release.range(order, program);
  return {
    tbot: range('tbot'),
    tsh: range('tsh'),
    tctl: range('tctl'),
    teleport: range('teleport'),
  };
}

const served: Served = {
  caFile,
  archives: { unlimited: (await site(undefined)).url, throttled: (await site(throttle)).url },
  images: { unlimited: await repository(), throttled: await repository(throttle) },
  layer: `sha256:${createHash('sha256').update(release.layer.packed).digest('hex')}`,
  ranges: { first: ranges('first'), middle: ranges('middle'), last: ranges('last') },
  // After the headers of a directory and of tbot.
  layerRange: { offset: 1024, size: release.range('last', 'tbot').size },
  bytes: { archive: archives.get('last')?.length ?? 0, layer: release.layer.packed.length },
};
process.send?.(served);
