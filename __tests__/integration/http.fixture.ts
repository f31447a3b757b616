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

/** A signal that never comes. */
export const never = new AbortController().signal;

/** Servers on loopback, the authority of their certificates, and networks that trust it. */
export interface Fixture extends AsyncDisposable {
  readonly directory: string;
  readonly authority: Authority;
  readonly caFile: string;
  readonly certificate: { readonly key: string; readonly cert: string };
  /** Trusts the fixture's authority unless another file is given. */
  network(env?: Environment, extraCaFile?: string): HttpClient;
  https(handler: RequestListener): Promise<Listener>;
  /** A bare TCP server; gives its `127.0.0.1:port`. */
  tcp(onSocket: (socket: Socket) => void): Promise<string>;
  /** What a GET and reading its body fails with. */
  failure(url: string, options?: Partial<GetOptions>, using?: HttpClient): Promise<NetworkError>;
  /** To be closed when the test is over. */
  keep<T extends { close(): unknown }>(one: T): T;
  /** Closes what the test has opened. */
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
      throw new Error('nothing failed');
    },
    clear: async () => {
      for (const one of open) await one.close();
      open.clear();
    },
    [Symbol.asyncDispose]: async () => rm(directory, { recursive: true, force: true }),
  };
}

/** Has a server listen on loopback; gives its port. */
export async function trackErrors(server: Server): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', () => resolve()));
  const address = server.address();
  if (typeof address !== 'object' || !address) throw new Error('the server has no port');
  return address.port;
}

/**
 * What a GET in another process returns: the body, or the kind and message of the NetworkError. Node
 * reads the variables that concern TLS from the environment of its process.
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
