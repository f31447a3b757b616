import type { SecureContext } from 'node:tls';

import type { Dispatcher, Pool } from 'undici';

import type { Environment } from '../ci/port.ts';
import { codeOf } from '../text/error-code.ts';
import { NetworkError, networkError } from './http-error.ts';
import { type Destination, type HttpProxy, peerName } from './proxy-choice.ts';
import type { TrustStore } from './trust.ts';

/** The state that all requests of one client share. */
export interface Connections {
  readonly env: Environment;
  readonly trust: TrustStore;
  /** Dispatchers by connect timeout, CA certificates and HTTP proxy. */
  readonly dispatchers: Map<string, Dispatcher>;
}

/** Returns the dispatcher for a destination; `connectTimeout` is in milliseconds. */
export async function dispatcherFor(
  connections: Connections,
  { proxy }: Destination,
  connectTimeout: number,
): Promise<Dispatcher> {
  const context = await connections.trust.context();
  const proxyKey = proxy ? [proxy.secure, proxy.host, proxy.port, proxy.authorization] : [];
  const key = JSON.stringify([connectTimeout, context !== undefined, ...proxyKey]);
  const open = connections.dispatchers.get(key);
  if (open) return open;
  const created = await createDispatcher(proxy, connectTimeout, context);
  connections.dispatchers.set(key, created);
  return created;
}

async function createDispatcher(
  proxy: HttpProxy | undefined,
  timeout: number,
  secureContext: SecureContext | undefined,
): Promise<Dispatcher> {
  // Slow to load, so only the first request loads it.
  const { Agent, Pool, ProxyAgent } = await import('./undici.ts');
  const connect = {
    timeout,
    // Node's default for a host with several addresses is 250 ms, too short for a distant host.
    autoSelectFamilyAttemptTimeout: 1000,
    // Explicit, because Node's default depends on NODE_TLS_REJECT_UNAUTHORIZED.
    rejectUnauthorized: true,
    ...(secureContext && { secureContext }),
  };
  if (!proxy) return new Agent({ connect });
  return new ProxyAgent({
    uri: `${proxy.secure ? 'https' : 'http'}://${peerName(proxy)}`,
    ...(proxy.authorization && { token: proxy.authorization }),
    proxyTunnel: false,
    proxyTls: connect,
    requestTls: connect,
    clientFactory: (origin, options) =>
      tunnelPool(new Pool(origin, { ...options, headersTimeout: timeout }), proxy, timeout),
  });
}

/**
 * Makes the errors of a pool of proxy connections name the HTTP proxy instead of the destination.
 * Without this, undici 6 reconnects forever if the proxy closes the connection.
 */
function tunnelPool(pool: Pool, proxy: HttpProxy, milliseconds: number): Pool {
  const connect = pool.connect.bind(pool);
  pool.connect = async (options: Dispatcher.ConnectOptions): Promise<Dispatcher.ConnectData> => {
    const response = await connect(options).catch((error: unknown) => {
      throw tunnelFailed(error, proxy, options.path, milliseconds);
    });
    if (response.statusCode === 200) return response;
    response.socket.on('error', () => undefined).destroy();
    throw tunnelRefused(response.statusCode, proxy, options.path);
  };
  return pool;
}

function tunnelFailed(
  error: unknown,
  proxy: HttpProxy,
  destination: string,
  milliseconds: number,
): NetworkError {
  if (/^UND_ERR_(CONNECT|HEADERS)_TIMEOUT$/.test(codeOf(error) ?? ''))
    return tunnelTimedOut(destination, proxy, milliseconds);
  const failure = networkError(error, nameOf(proxy));
  if (failure.kind === 'untrusted') return failure;
  const { message, code, retryable } = failure;
  return new NetworkError({ kind: 'proxy', what: message, code, retryable, cause: error });
}

function tunnelRefused(status: number, proxy: HttpProxy, destination: string): NetworkError {
  const what =
    status === 407
      ? `${nameOf(proxy)} rejected the user name or password (HTTP 407)`
      : `${nameOf(proxy)} refused a connection to ${destination} (HTTP ${status})`;
  return new NetworkError({ kind: 'proxy', what, code: String(status), retryable: status >= 500 });
}

/** Returns the error for a connection through an HTTP proxy that timed out. */
export function tunnelTimedOut(
  destination: string,
  proxy: HttpProxy,
  milliseconds: number,
): NetworkError {
  const what = `the connection to ${destination} through ${nameOf(proxy)} timed out after ${milliseconds / 1000} s`;
  return new NetworkError({ kind: 'proxy', what });
}

function nameOf(proxy: HttpProxy): string {
  return `HTTP proxy ${peerName(proxy)}`;
}
