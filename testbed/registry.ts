import { createHash } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { listenHttp, listenHttps, type Listener } from './loopback.ts';

/** A fault of the registry. */
export type RegistryFault =
  | { readonly kind: 'none' }
  /** Returns this status for matching paths. */
  | {
      readonly kind: 'status';
      readonly status: number;
      readonly path: RegExp;
      readonly requests?: number;
      readonly retryAfter?: number;
    }
  /** Closes the connection in the middle of a blob. */
  | { readonly kind: 'half' }
  /** Sends other bytes of the same length for matching paths. */
  | { readonly kind: 'altered'; readonly path: RegExp }
  /** Returns a web page instead of manifests. */
  | { readonly kind: 'html' }
  | { readonly kind: 'silent' };

export interface RegistryOptions {
  /** Certificate of the registry and its storage. Plain HTTP if absent. */
  readonly certificate: { readonly key: string; readonly cert: string } | undefined;
  /** Whether anonymous users need a token. Default: true. */
  readonly token?: boolean;
  /** Whether the registry redirects to another host for blobs. Default: true. */
  readonly storage?: boolean;
  /** Limits the rate of blobs. */
  readonly bytesPerSecond?: number;
}

/** A request that the registry or its storage received. */
export interface RegistryRequest {
  readonly host: 'registry' | 'storage';
  readonly path: string;
  readonly authorization: string | undefined;
}

/** An OCI registry on loopback. */
export interface Registry extends AsyncDisposable {
  /** `127.0.0.1:port`. */
  readonly address: string;
  readonly requests: readonly RegistryRequest[];
  fault: RegistryFault;
  /** Stores a blob and returns its digest, `sha256:...`. */
  blob(bytes: Uint8Array): string;
  /** Stores a manifest, optionally with a tag, and returns its digest. */
  manifest(
    content: object | string,
    options: { readonly type: string; readonly tag?: string },
  ): string;
}

interface Stored {
  readonly bytes: Buffer;
  readonly type: string;
}

const secret = 'anonymous-token-of-the-testbed';

/** Starts a registry in which all repositories have the same content. */
export async function startRegistry(options: RegistryOptions): Promise<Registry> {
  const store = new Map<string, Stored>();
  const requests: RegistryRequest[] = [];
  const state = { fault: { kind: 'none' } as RegistryFault, struck: 0 };
  const { certificate } = options;
  const open = async (host: RegistryRequest['host'], serve: Handler): Promise<Listener> => {
    const handler = (request: IncomingMessage, response: ServerResponse): void => {
      const { pathname } = new URL(request.url ?? '/', 'http://registry');
      const { authorization } = request.headers;
      requests.push({ host, path: pathname, authorization });
      if (!strike(state, pathname, response)) serve(pathname, authorization, response);
    };
    return certificate ? listenHttps(certificate, handler) : listenHttp(handler);
  };
  const storage = await open('storage', (path, _, response) =>
    send(response, store.get(path.slice(1)), state.fault, options.bytesPerSecond, path),
  );
  const registry = await open('registry', (path, authorization, response) => {
    if (path === '/token') {
      response.end(JSON.stringify({ token: secret }));
      return;
    }
    if ((options.token ?? true) && authorization !== `Bearer ${secret}`) {
      const realm = `Bearer realm="${registry.url}/token",service="testbed",scope="repository:tbot:pull"`;
      response.writeHead(401, { 'www-authenticate': realm }).end('{}');
      return;
    }
    const [, kind, name = ''] = /^\/v2\/.+\/(manifests|blobs)\/([^/]+)$/.exec(path) ?? [];
    if (kind === 'blobs' && (options.storage ?? true)) {
      response.writeHead(307, { location: `${storage.url}/${name}` }).end();
      return;
    }
    send(response, store.get(name), state.fault, options.bytesPerSecond, path);
  });
  const put = (bytes: Buffer, type: string, tag?: string): string => {
    const digest = `sha256:${createHash('sha256').update(bytes).digest('hex')}`;
    for (const name of [digest, ...(tag ? [tag] : [])]) store.set(name, { bytes, type });
    return digest;
  };
  return {
    address: `127.0.0.1:${registry.port}`,
    requests,
    get fault() {
      return state.fault;
    },
    set fault(fault) {
      Object.assign(state, { fault, struck: 0 });
    },
    blob: (bytes) => put(Buffer.from(bytes), 'application/octet-stream'),
    manifest: (content, { type, tag }) => {
      const text = typeof content === 'string' ? content : JSON.stringify(content);
      return put(Buffer.from(text), type, tag);
    },
    [Symbol.asyncDispose]: async () => {
      await registry.close();
      await storage.close();
    },
  };
}

type Handler = (path: string, authorization: string | undefined, response: ServerResponse) => void;

/** Responds with the fault, if there is one for this path. Returns whether it responded. */
function strike(
  state: { fault: RegistryFault; struck: number },
  path: string,
  response: ServerResponse,
): boolean {
  const { fault } = state;
  if (fault.kind === 'silent') return true;
  if (fault.kind === 'html' && path.includes('/manifests/')) {
    response.writeHead(200, { 'content-type': 'text/html' }).end('<!DOCTYPE html>');
    return true;
  }
  if (fault.kind !== 'status' || !fault.path.test(path)) return false;
  state.struck += 1;
  if (state.struck > (fault.requests ?? Infinity)) return false;
  const after = fault.retryAfter === undefined ? {} : { 'retry-after': String(fault.retryAfter) };
  response.writeHead(fault.status, after).end('{"errors":[]}');
  return true;
}

function send(
  response: ServerResponse,
  stored: Stored | undefined,
  fault: RegistryFault,
  bytesPerSecond: number | undefined,
  path: string,
): void {
  if (!stored) return void response.writeHead(404).end('{"errors":[]}');
  const bytes = Buffer.from(stored.bytes);
  response.writeHead(200, { 'content-type': stored.type, 'content-length': bytes.length });
  if (fault.kind === 'altered' && fault.path.test(path))
    bytes.writeUInt8((bytes.at(-1) ?? 0) ^ 1, bytes.length - 1);
  if (fault.kind === 'half' && stored.type === 'application/octet-stream')
    return void response.write(bytes.subarray(0, bytes.length / 2), () => response.destroy());
  if (bytesPerSecond === undefined) return void response.end(bytes);
  void trickle(response, bytes, bytesPerSecond);
}

/** Sends fifty portions per second. */
export async function trickle(
  response: ServerResponse,
  bytes: Buffer,
  perSecond: number,
): Promise<void> {
  const start = performance.now();
  for (let sent = 0; sent < bytes.length && !response.destroyed;) {
    const due = Math.min(
      bytes.length,
      Math.floor(((performance.now() - start) / 1000) * perSecond),
    );
    if (due > sent) response.write(bytes.subarray(sent, due));
    sent = Math.max(sent, due);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  response.end();
}
