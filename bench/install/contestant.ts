import { createHash } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { get } from 'node:https';
import type { IncomingMessage } from 'node:http';
import { join } from 'node:path';
import { once } from 'node:events';
import { createGunzip } from 'node:zlib';
import { directoriesOf } from '../../src/ci/github/job.ts';
import { install } from '../../src/install/install.ts';
import { openHttpClient } from '../../src/http/client.ts';
import { type Range, version } from './archive.ts';

/** The task of one process, which prints how long it took. */
export type Task =
  | { readonly kind: 'baseline'; readonly url: string }
  | {
      readonly kind: 'floor';
      readonly url: string;
      readonly programs: readonly Range[];
      readonly authorization?: string;
    }
  | {
      readonly kind: 'action';
      readonly mirror: string;
      readonly from: 'image' | 'archive';
      readonly cached: boolean;
      readonly tools?: readonly ('tsh' | 'tctl')[];
    }
  | { readonly kind: 'sha256'; readonly file: string };

export interface Outcome {
  readonly milliseconds: number;
  readonly peakMegabytes: number;
  readonly writtenMegabytes: number;
}

const temp = process.env['RUNNER_TEMP'] ?? '';

/** Downloads, unpacks and copies everything, as teleport-actions/setup does. */
async function baseline(url: string): Promise<void> {
  const { cacheDir, downloadTool, extractTar } = await import('@actions/tool-cache');
  const file = await downloadTool(url);
  const folder = await extractTar(file);
  await cacheDir(join(folder, 'teleport'), 'teleport', version);
}

/** Downloads, hashes, decompresses as much as needed and writes the programs, without any other work. */
async function floor(task: Task & { readonly kind: 'floor' }): Promise<void> {
  const reply = await new Promise<IncomingMessage>((resolve, reject) => {
    const headers = task.authorization ? { authorization: task.authorization } : {};
    const onReply = (response: IncomingMessage): void => {
      const { location } = response.headers;
      if (location === undefined) resolve(response);
      else get(location, resolve).on('error', reject);
    };
    get(task.url, { headers }, onReply).on('error', reject);
  });
  const hash = createHash('sha256');
  const gunzip = createGunzip({ chunkSize: 2 ** 20 });
  const files = task.programs.map(({ offset, size }) => ({
    offset,
    end: offset + size,
    stream: createWriteStream(join(temp, String(offset)), { mode: 0o700 }),
  }));
  const end = Math.max(...files.map((file) => file.end));
  let at = 0;
  let done = false;
  gunzip.on('data', (chunk: Buffer) => {
    for (const file of files) {
      const part = chunk.subarray(Math.max(0, file.offset - at), Math.max(0, file.end - at));
      if (part.length > 0) file.stream.write(part);
    }
    at += chunk.length;
    if (at < end || done) return;
    done = true;
    for (const { stream } of files) stream.end();
  });
  for await (const chunk of reply) {
    hash.update(chunk);
    if (!done && !gunzip.write(chunk)) await once(gunzip, 'drain');
  }
  if (!done) gunzip.end();
  for (const { stream } of files) if (!stream.closed) await once(stream, 'close');
  hash.digest('hex');
}

async function viaAction(task: Task & { readonly kind: 'action' }): Promise<void> {
  // NODE_EXTRA_CA_CERTS contains the CA certificate, as for the other contestants.
  const network = openHttpClient({ env: {}, extraCaFile: undefined });
  const tool = await install({
    inputs: {
      proxy: undefined,
      version: { kind: 'exact', version },
      tbotPath: undefined,
      edition: 'oss',
      fips: false,
      installFrom: task.from,
      mirror: task.mirror,
      checksum: undefined,
      signatureKey: undefined,
      signatureExtension: 'sig',
      tools: task.tools,
    },
    cluster: undefined,
    network,
    directory: temp,
    env: process.env,
    directories: directoriesOf(process.env),
    platform: 'linux',
    arch: 'x64',
    ci: { info: () => undefined, notice: () => undefined, mask: () => undefined },
    signal: new AbortController().signal,
  });
  network.close();
  if (task.cached !== (tool.source === 'tool-cache'))
    throw new Error(`unexpected source: ${tool.source}`);
}

async function sha256(file: string): Promise<void> {
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(file, { highWaterMark: 2 ** 20 })) hash.update(chunk);
  hash.digest('hex');
}

async function perform(task: Task): Promise<void> {
  switch (task.kind) {
    case 'baseline':
      return baseline(task.url);
    case 'floor':
      return floor(task);
    case 'action':
      return viaAction(task);
    case 'sha256':
      return sha256(task.file);
    default:
      return task satisfies never;
  }
}

const [, written = '0'] = /wchar: (\d+)/.exec(await readFile('/proc/self/io', 'utf8')) ?? [];
const task: Task = JSON.parse(process.argv[2] ?? '');
const start = performance.now();
await perform(task);
const milliseconds = performance.now() - start;
const [, after = '0'] = /wchar: (\d+)/.exec(await readFile('/proc/self/io', 'utf8')) ?? [];
const outcome: Outcome = {
  milliseconds,
  peakMegabytes: process.resourceUsage().maxRSS / 1000,
  writtenMegabytes: (Number(after) - Number(written)) / 1e6,
};
console.log(`outcome ${JSON.stringify(outcome)}`);
