import type { Dispatcher, Pool } from 'undici';

import { codeOf } from '../text/error-code.ts';
import { NetworkError, networkError } from './http-error.ts';
import type { HttpProxy } from './proxy-choice.ts';
import { peerName } from './target.ts';

/**
 * The connections to an HTTP proxy, which say of each failure that it was the proxy's and not the
 * far end's. (Left to itself, undici 6 takes a proxy that hangs up for an idle connection that was
 * closed, and connects again for ever.)
 */
export function proxyLink(pool: Pool, proxy: HttpProxy, milliseconds: number): Pool {
  const ask = pool.connect.bind(pool);
  const name = nameOf(proxy);
  pool.connect = async (options: Dispatcher.ConnectOptions): Promise<Dispatcher.ConnectData> => {
    const answer = await ask(options).catch((error: unknown) => {
      throw tunnelBroke(error, proxy, options.path, milliseconds);
    });
    if (answer.statusCode === 200) return answer;
    answer.socket.on('error', () => undefined).destroy();
    throw tunnelRefused(answer.statusCode, name, options.path);
  };
  return pool;
}

function tunnelBroke(
  error: unknown,
  proxy: HttpProxy,
  authority: string,
  milliseconds: number,
): NetworkError {
  if (/^UND_ERR_(CONNECT|HEADERS)_TIMEOUT$/.test(codeOf(error) ?? ''))
    return unreached(authority, proxy, milliseconds);
  const found = networkError(error, nameOf(proxy));
  if (found.kind === 'untrusted') return found;
  const { message, code, retryable } = found;
  return new NetworkError({ kind: 'proxy', what: message, code, retryable, cause: error });
}

function tunnelRefused(status: number, name: string, authority: string): NetworkError {
  const what =
    status === 407
      ? `${name} wants other credentials (407)`
      : `${name} does not let us through to ${authority} (${status})`;
  return new NetworkError({ kind: 'proxy', what, code: String(status), retryable: status >= 500 });
}

/** The far end was not reached in time. */
export function unreached(peer: string, proxy: HttpProxy, milliseconds: number): NetworkError {
  const what = `${peer} was not reached through ${nameOf(proxy)} within ${milliseconds / 1000} s`;
  return new NetworkError({ kind: 'proxy', what });
}

function nameOf(proxy: HttpProxy): string {
  return `the HTTP proxy ${peerName(proxy)}`;
}
