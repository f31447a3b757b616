import type { SecureContext } from 'node:tls';

import type { Dispatcher } from 'undici';

import type { Environment } from '../ci/port.ts';
import { proxyLink } from './proxy-tunnel.ts';
import type { Target } from './target.ts';
import type { Trust } from './trust.ts';

/** What the connections of one network share. */
export interface Wires {
  readonly env: Environment;
  readonly trust: Trust;
  /** Connections that are kept, by what they have in common. */
  readonly dispatchers: Map<string, Dispatcher>;
}

/** The dispatcher for a target; `milliseconds` are those for connecting. */
export async function dispatcherFor(
  wires: Wires,
  target: Target,
  milliseconds: number,
): Promise<Dispatcher> {
  const context = await wires.trust.context();
  const { proxy } = target;
  const endpoint = proxy ? [proxy.secure, proxy.host, proxy.port, proxy.authorization] : [];
  const key = JSON.stringify([milliseconds, context !== undefined, ...endpoint]);
  const known = wires.dispatchers.get(key);
  if (known) return known;
  const made = await makeDispatcher(target, milliseconds, context);
  wires.dispatchers.set(key, made);
  return made;
}

async function makeDispatcher(
  target: Target,
  timeout: number,
  secureContext: SecureContext | undefined,
): Promise<Dispatcher> {
  // 35 ms to load: only where something is asked at all.
  const { Agent, Pool, ProxyAgent } = await import('undici');
  const connect = {
    timeout,
    // Node gives each of several addresses 250 ms, less than a far host needs.
    autoSelectFamilyAttemptTimeout: 1000,
    // Explicit, because Node's default depends on NODE_TLS_REJECT_UNAUTHORIZED.
    rejectUnauthorized: true,
    ...(secureContext && { secureContext }),
  };
  const { proxy } = target;
  if (!proxy) return new Agent({ connect });
  return new ProxyAgent({
    uri: `${proxy.secure ? 'https' : 'http'}://${bracketed(proxy.host)}:${proxy.port}`,
    ...(proxy.authorization && { token: proxy.authorization }),
    proxyTunnel: false,
    proxyTls: connect,
    requestTls: connect,
    clientFactory: (origin, options) =>
      proxyLink(new Pool(origin, { ...options, headersTimeout: timeout }), proxy, timeout),
  });
}

function bracketed(host: string): string {
  return host.includes(':') ? `[${host}]` : host;
}
