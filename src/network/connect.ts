import { connect as dialTcp, isIP, type Socket } from 'node:net';
import { connect as startTls, type SecureContext } from 'node:tls';

import { NetworkError, networkError } from './error.ts';
import type { HttpProxy } from './route.ts';
import { peerName, type Target } from './target.ts';
import { tunnel } from './tunnel.ts';

/**
 * A connection that is ready for a request: TCP, the HTTP proxy's tunnel and TLS are done. `opened`
 * is told each socket as it comes to be. Throws a NetworkError, or the reason of the signal.
 */
export async function connect(
  target: Target,
  trust: SecureContext | undefined,
  signal: AbortSignal,
  opened: (socket: Socket) => void,
): Promise<Socket> {
  const { proxy } = target;
  const peer = peerName(target);
  if (!proxy) {
    const socket = await dial(target, signal, opened);
    return target.secure ? secure(socket, target.host, peer, trust, signal) : socket;
  }
  const socket = await reachProxy(proxy, trust, signal, opened);
  if (!target.secure) return socket;
  await tunnel(socket, proxy, peer, signal);
  return secure(socket, target.host, peer, trust, signal);
}

async function reachProxy(
  proxy: HttpProxy,
  trust: SecureContext | undefined,
  signal: AbortSignal,
  opened: (socket: Socket) => void,
): Promise<Socket> {
  const peer = `the HTTP proxy ${peerName(proxy)}`;
  try {
    const socket = await dial(proxy, signal, opened, peer);
    return proxy.secure ? await secure(socket, proxy.host, peer, trust, signal) : socket;
  } catch (error) {
    if (!(error instanceof NetworkError) || error === signal.reason) throw error;
    if (error.kind === 'untrusted') throw error;
    const { message, code, passing } = error;
    throw new NetworkError({ kind: 'proxy', what: message, code, passing, cause: error });
  }
}

function dial(
  end: { readonly host: string; readonly port: number },
  signal: AbortSignal,
  opened: (socket: Socket) => void,
  peer = peerName(end),
): Promise<Socket> {
  signal.throwIfAborted();
  // Node gives each of several addresses 250 ms, less than a far host needs.
  const socket = dialTcp({ ...end, noDelay: true, autoSelectFamilyAttemptTimeout: 1000 });
  // Without a listener an error of a socket that nobody waits for would end the process.
  socket.on('error', () => undefined);
  opened(socket);
  return ready(socket, 'connect', peer, signal);
}

function secure(
  socket: Socket,
  host: string,
  peer: string,
  secureContext: SecureContext | undefined,
  signal: AbortSignal,
): Promise<Socket> {
  const tls = startTls({
    socket,
    host,
    ...(isIP(host) === 0 && { servername: host }),
    ALPNProtocols: ['http/1.1'],
    ...(secureContext && { secureContext }),
  });
  tls.on('error', () => undefined);
  return ready(tls, 'secureConnect', peer, signal);
}

/** Waits for the event that says the socket can be used; destroys the socket otherwise. */
function ready<S extends Socket>(
  socket: S,
  event: 'connect' | 'secureConnect',
  peer: string,
  signal: AbortSignal,
): Promise<S> {
  return new Promise((resolve, reject) => {
    const onAbort = (): void => fail(signal.reason);
    const done = (): void => {
      signal.removeEventListener('abort', onAbort);
      socket.off(event, onReady).off('error', fail).off('close', onClose);
    };
    const fail = (error: unknown): void => {
      done();
      socket.destroy();
      reject(signal.aborted ? signal.reason : networkError(error, peer));
    };
    const onClose = (): void =>
      fail(Object.assign(new Error('closed before it was ready'), { code: 'ECONNRESET' }));
    const onReady = (): void => {
      done();
      resolve(socket);
    };
    signal.addEventListener('abort', onAbort, { once: true });
    socket.once(event, onReady).once('error', fail).once('close', onClose);
    if (signal.aborted) onAbort();
  });
}
