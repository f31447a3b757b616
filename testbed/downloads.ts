import { createHash } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import type { Faults } from './faults.ts';
import { createStrikes, listenHttps } from './loopback.ts';
import { buildRelease, parseReleaseName } from './downloads/release.ts';

/** A received request. */
interface DownloadRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<IncomingMessage['headers']>;
}

/** Teleport's release download site, over HTTPS on loopback. */
export interface DownloadSite extends AsyncDisposable {
  /** Base URL without a final slash. */
  readonly url: string;
  readonly requests: readonly DownloadRequest[];
  /** Returns an archive as the site serves it, or undefined if there is no such release. */
  archive(name: string): Promise<Buffer | undefined>;
  /** Returns the published SHA-256 of an archive in hex. */
  checksum(name: string): Promise<string>;
  /** Publishes an archive with its checksum. */
  publish(name: string, bytes: Uint8Array): void;
}

/** Starts the site. `tbotPath` returns the stand-in tbot of a version, if there is one. */
export async function startDownloads(options: {
  readonly faults: Faults;
  readonly certificate: { readonly key: string; readonly cert: string };
  readonly tbotPath: (version: string) => Promise<string | undefined>;
}): Promise<DownloadSite> {
  const requests: DownloadRequest[] = [];
  const store = createStore(options.tbotPath);
  const strikes = createStrikes();
  const listener = await listenHttps(options.certificate, (request, response) => {
    const path = new URL(request.url ?? '/', 'https://downloads').pathname;
    requests.push({ method: request.method ?? '', path, headers: request.headers });
    serve(options.faults, strikes, store, { path, method: request.method ?? '' }, response).catch(
      () => response.destroy(),
    );
  });
  return {
    url: listener.url,
    requests,
    archive: async (name) => await store.archive(name),
    checksum: async (name) => sha256((await store.archive(name)) ?? Buffer.alloc(0)),
    publish: (name, bytes) => store.publish(name, bytes),
    [Symbol.asyncDispose]: async () => await listener.close(),
  };
}

interface Store {
  archive(name: string): Promise<Buffer | undefined>;
  publish(name: string, bytes: Uint8Array): void;
}

function createStore(tbotPath: (version: string) => Promise<string | undefined>): Store {
  const archives = new Map<string, Promise<Buffer | undefined>>();
  return {
    archive: async (name) => {
      const release = parseReleaseName(name);
      const made = archives.get(name) ?? (release && buildRelease(release, tbotPath));
      if (made !== undefined) archives.set(name, made);
      return await made;
    },
    publish: (name, bytes) => void archives.set(name, Promise.resolve(Buffer.from(bytes))),
  };
}

async function serve(
  faults: Faults,
  strikes: ReturnType<typeof createStrikes>,
  store: Store,
  call: { readonly path: string; readonly method: string },
  response: ServerResponse,
): Promise<void> {
  const fault = faults.downloads;
  if (fault.kind === 'status' && strikes(fault, fault.requests ?? Infinity)) {
    return text(response, fault.status, `status ${fault.status}\n`);
  }
  if (fault.kind === 'html') {
    response.writeHead(200, { 'content-type': 'text/html' });
    return void response.end('<!DOCTYPE html><title>Please sign in</title>\n');
  }
  const name = call.path.slice(1);
  const bytes = await store.archive(name.replace(/\.sha256$/, ''));
  if (bytes === undefined) return text(response, 404, 'Not Found\n');
  if (name.endsWith('.sha256')) return checksum(faults, name, bytes, response);
  await archive(faults, bytes, call.method === 'HEAD', response);
}

function checksum(faults: Faults, name: string, bytes: Buffer, response: ServerResponse): void {
  const fault = faults.downloads;
  if (fault.kind === 'no-checksum') return text(response, 404, 'Not Found\n');
  const hex = sha256(fault.kind === 'wrong-checksum' ? Buffer.from('other') : bytes);
  text(response, 200, `${hex}  ${name.replace(/\.sha256$/, '')}\n`);
}

async function archive(
  faults: Faults,
  bytes: Buffer,
  headOnly: boolean,
  response: ServerResponse,
): Promise<void> {
  response.writeHead(200, {
    'content-type': 'application/x-gzip',
    'content-length': bytes.length,
  });
  if (headOnly) return void response.end();
  const fault = faults.downloads;
  if (fault.kind === 'slow') return await trickle(response, bytes, fault.bytesPerSecond);
  if (fault.kind !== 'half') return void response.end(bytes);
  response.write(bytes.subarray(0, Math.floor(bytes.length / 2)), () => response.destroy());
}

/** Sends ten portions per second. */
async function trickle(response: ServerResponse, bytes: Buffer, perSecond: number): Promise<void> {
  const portion = Math.max(1, Math.floor(perSecond / 10));
  for (let sent = 0; sent < bytes.length && !response.destroyed; sent += portion) {
    response.write(bytes.subarray(sent, sent + portion));
    await delay(100);
  }
  response.end();
}

function text(response: ServerResponse, status: number, body: string): void {
  response.writeHead(status, { 'content-type': 'text/plain' });
  response.end(body);
}

function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}
