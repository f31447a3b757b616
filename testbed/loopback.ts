import { createServer as createHttpServer, type RequestListener, type Server } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';

/** A server on 127.0.0.1, on a port that the kernel assigned. */
export interface Listener {
  readonly port: number;
  /** Scheme, host and port, without a final slash. */
  readonly url: string;
  /** Closes the port and all connections. */
  close(): Promise<void>;
  /** Opens the same port again after `close`. */
  reopen(): Promise<void>;
}

/** Starts an HTTP server on loopback. */
export async function listenHttp(handler: RequestListener): Promise<Listener> {
  return await listen(createHttpServer(handler), 'http');
}

/** Starts an HTTPS server on loopback; `key` and `cert` are PEM. */
export async function listenHttps(
  identity: { readonly key: string; readonly cert: string },
  handler: RequestListener,
): Promise<Listener> {
  return await listen(createHttpsServer(identity, handler), 'https');
}

async function listen(server: Server, scheme: 'http' | 'https'): Promise<Listener> {
  const port = await bind(server);
  return {
    port,
    url: `${scheme}://127.0.0.1:${port}`,
    close: async () => {
      await new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      });
    },
    reopen: async () => {
      await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', () => resolve()));
    },
  };
}

async function bind(server: Server): Promise<number> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => resolve());
  });
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('not a TCP server');
  return address.port;
}

/** Returns a loopback port without a listener. */
export async function closedPort(): Promise<number> {
  const server = createHttpServer();
  const port = await bind(server);
  await new Promise<void>((resolve) => server.close(() => resolve()));
  return port;
}

/** Counts how often a fault was applied, starting at 0 for each new fault. */
export function createStrikes(): (fault: object, limit: number) => boolean {
  const struck = new WeakMap<object, number>();
  return (fault, limit) => {
    const count = struck.get(fault) ?? 0;
    struck.set(fault, count + 1);
    return count < limit;
  };
}
