import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import type { RequestListener } from 'node:http';
import { createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

import { NetworkError } from '../../src/http/http-error.ts';
import { type GetOptions, type HttpClient, openHttpClient } from '../../src/http/client.ts';
import type { Environment } from '../../src/ci/port.ts';
import { type Authority, createAuthority } from '../../testbed/ca.ts';
import { type Listener, listenHttps } from '../../testbed/loopback.ts';

/** A signal that is never aborted. */
export const never = new AbortController().signal;

/** Servers on loopback, the CA of their certificates, and clients that trust it. */
export interface Fixture extends AsyncDisposable {
  readonly directory: string;
  readonly authority: Authority;
  readonly caFile: string;
  readonly certificate: { readonly key: string; readonly cert: string };
  /** Returns a client that trusts the fixture's CA unless another file is given. */
  network(env?: Environment, extraCaFile?: string): HttpClient;
  https(handler: RequestListener): Promise<Listener>;
  /** Starts a TCP server and returns its `127.0.0.1:port`. */
  tcp(onSocket: (socket: Socket) => void): Promise<string>;
  /** Returns the error of a GET request, or of reading its body. */
  failure(url: string, options?: Partial<GetOptions>, using?: HttpClient): Promise<NetworkError>;
  /** Closes an object after the test. */
  keep<T extends { close(): unknown }>(one: T): T;
  /** Closes all objects that the test opened. */
  clear(): Promise<void>;
}

export async function openFixture(): Promise<Fixture> {
  const directory = await mkdtemp(join(tmpdir(), 'network-'));
  const authority = await createAuthority({ organization: 'Test', commonName: 'Test CA' });
  const names = ['localhost', '127.0.0.1', 'far.example.com'];
  const certificate = await authority.serverCertificate(names);
  const caFile = join(directory, 'ca.pem');
  await writeFile(caFile, authority.pem);
  const open = new Set<{ close(): unknown }>();
  const keep = <T extends { close(): unknown }>(one: T): T => {
    open.add(one);
    return one;
  };
  const network = (env: Environment = {}, extraCaFile = caFile): HttpClient =>
    keep(openHttpClient({ env, extraCaFile }));
  return {
    directory,
    authority,
    caFile,
    certificate,
    keep,
    network,
    https: async (handler) => keep(await listenHttps(certificate, handler)),
    tcp: async (onSocket) => {
      const sockets = new Set<Socket>();
      const server = createServer((socket) => {
        sockets.add(socket);
        socket.on('error', () => undefined);
        onSocket(socket);
      });
      const port = await trackErrors(server);
      keep({ close: () => sockets.forEach((socket) => socket.destroy()) });
      keep({ close: () => server.close() });
      return `127.0.0.1:${port}`;
    },
    failure: async (url, options = {}, using = network()) => {
      try {
        const reply = await using.get(url, { signal: never, ...options });
        await reply.text(1000);
      } catch (error) {
        if (error instanceof NetworkError) return error;
        throw error;
      }
      throw new Error('the request succeeded');
    },
    clear: async () => {
      for (const one of open) await one.close();
      open.clear();
    },
    [Symbol.asyncDispose]: async () => rm(directory, { recursive: true, force: true }),
  };
}

/** Makes a server listen on loopback and returns its port. */
export async function trackErrors(server: Server): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', () => resolve()));
  const address = server.address();
  if (typeof address !== 'object' || !address) throw new Error('the server has no port');
  return address.port;
}

/**
 * Sends a GET request from another process and returns the body, or the kind and message of the
 * NetworkError. Node reads the variables for TLS from the environment of its process.
 */
export async function inChild(url: string, env: Record<string, string>): Promise<string> {
  const script = `
    import { openHttpClient } from ${JSON.stringify(new URL('../../src/http/client.ts', import.meta.url).href)};
    const network = openHttpClient({ env: process.env, extraCaFile: undefined });
    try {
      const reply = await network.get(${JSON.stringify(url)}, { signal: new AbortController().signal });
      console.log(await reply.text(100));
    } catch (error) { console.log(error.kind + ': ' + error.message); }
    network.close();`;
  const args = ['--input-type=module', '--eval', script];
  const { stdout } = await promisify(execFile)(process.execPath, args, {
    env: { PATH: '/usr/bin:/bin', NODE_NO_WARNINGS: '1', ...env },
  });
  return stdout.trim();
}
