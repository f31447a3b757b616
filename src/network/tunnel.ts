import { request } from 'node:http';
import type { Socket } from 'node:net';

import { NetworkError, networkError } from './error.ts';
import type { HttpProxy } from './route.ts';
import { peerName } from './target.ts';

/** Asks the HTTP proxy for a way through to `authority` (RFC 9110, section 9.3.6). */
export function tunnel(
  socket: Socket,
  proxy: HttpProxy,
  authority: string,
  signal: AbortSignal,
): Promise<void> {
  const name = `the HTTP proxy ${peerName(proxy)}`;
  return new Promise((resolve, reject) => {
    const fail = (error: unknown): void => {
      signal.removeEventListener('abort', onAbort);
      socket.destroy();
      reject(signal.aborted ? signal.reason : tunnelBroke(error, name));
    };
    const onAbort = (): void => fail(signal.reason);
    signal.addEventListener('abort', onAbort, { once: true });
    const asked = request({
      createConnection: () => socket,
      method: 'CONNECT',
      path: authority,
      setHost: false,
      headers: {
        host: authority,
        ...(proxy.authorization && { 'proxy-authorization': proxy.authorization }),
      },
    });
    asked.once('error', fail).once('connect', (response) => {
      if (response.statusCode !== 200)
        return fail(tunnelRefused(response.statusCode, name, authority));
      signal.removeEventListener('abort', onAbort);
      resolve();
    });
    asked.end();
  });
}

function tunnelBroke(error: unknown, name: string): NetworkError {
  if (error instanceof NetworkError) return error;
  const { message, code, passing } = networkError(error, name);
  return new NetworkError({ kind: 'proxy', what: message, code, passing, cause: error });
}

function tunnelRefused(status = 0, name: string, authority: string): NetworkError {
  const what =
    status === 407
      ? `${name} wants other credentials (407)`
      : `${name} does not let us through to ${authority} (${status})`;
  return new NetworkError({ kind: 'proxy', what, code: String(status), passing: status >= 500 });
}
