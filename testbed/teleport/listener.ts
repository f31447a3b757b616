import type { IncomingMessage, RequestListener } from 'node:http';
import {
  createServer as createHttpsServer,
  type Server as HttpsServer,
  type ServerOptions,
} from 'node:https';
import { createServer, type Server, type Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { createSecureContext, type TLSSocket } from 'node:tls';
import { type Faults, watchFault } from '../faults.ts';

interface Certificate {
  readonly key: string;
  readonly cert: string;
}

/** The certificates of a port. */
export interface Faces {
  /** The certificate of the proxy. */
  readonly known: Certificate;
  /** A certificate of an unknown CA, for the fault 'untrusted'. */
  readonly stranger: Certificate;
  /** For names of Teleport's own protocols (`*.teleport.cluster.local` and `kube-...`): issued by the host CA. */
  readonly host: Certificate;
  /** CA of the optional client certificates, PEM. */
  readonly clientAuthority: string;
}

/** A handler of connections with other ALPN protocols than HTTP. */
export interface Tunnels {
  readonly protocols: readonly string[];
  readonly serve: (socket: TLSSocket) => void;
}

type UpgradeListener = (request: IncomingMessage, socket: Duplex) => void;

/** A TLS port that `faults.proxy` can close, or give an untrusted certificate. */
export interface SwitchedListener extends AsyncDisposable {
  readonly port: number;
}

/**
 * Listens on 127.0.0.1. With 'untrusted', new connections use the certificate of the unknown CA.
 * 'refused' closes the port, and the next fault opens the same port again.
 */
export async function listenSwitched(
  faces: Faces,
  faults: Faults,
  handler: RequestListener,
  upgrade: UpgradeListener,
  tunnels: Tunnels,
): Promise<SwitchedListener> {
  const known = createHttpsServer(tlsOptions(faces, tunnels), handler).on('upgrade', upgrade);
  divert(known, tunnels);
  const stranger = createHttpsServer(faces.stranger, handler);
  const sockets = new Set<Socket>();
  const front = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => socket.destroy());
    socket.on('close', () => sockets.delete(socket));
    handOver(socket, faults.proxy.kind === 'untrusted' ? stranger : known);
  });
  const port = await listen(front);
  const cut = () => {
    for (const socket of sockets) socket.destroy();
  };
  watchFault(faults, 'proxy', (fault) => {
    if (fault.kind !== 'refused') return reopen(front, port);
    front.close();
    cut();
  });
  if (faults.proxy.kind === 'refused') front.close();
  return {
    port,
    [Symbol.asyncDispose]: async () => {
      const closed = new Promise((resolve) => front.close(resolve));
      cut();
      await closed;
    },
  };
}

/** Routes connections by their ALPN protocol. */
function divert(server: HttpsServer, { protocols, serve }: Tunnels): void {
  const serveHttp = server.listeners('secureConnection');
  server.removeAllListeners('secureConnection');
  server.on('secureConnection', (socket) => {
    if (protocols.includes(String(socket.alpnProtocol))) return serve(socket);
    for (const listener of serveHttp) Reflect.apply(listener, server, [socket]);
  });
}

function tlsOptions(
  { known, host, clientAuthority: ca }: Faces,
  { protocols: others }: Tunnels,
): ServerOptions {
  const protocols = createSecureContext({ ...host, ca });
  return {
    ...known,
    ca,
    ALPNProtocols: ['http/1.1', ...others],
    requestCert: true,
    rejectUnauthorized: false,
    SNICallback: (name, done) =>
      done(
        null,
        /^kube-teleport-proxy-alpn\.|teleport\.cluster\.local$/.test(name) ? protocols : undefined,
      ),
  };
}

function handOver(socket: Socket, server: HttpsServer): void {
  server.emit('connection', socket);
}

function reopen(front: Server, port: number): void {
  if (!front.listening) front.listen(port, '127.0.0.1');
}

async function listen(front: Server): Promise<number> {
  await new Promise<void>((resolve, reject) => {
    front.once('error', reject);
    front.listen(0, '127.0.0.1', () => resolve());
  });
  const address = front.address();
  if (address === null || typeof address === 'string') throw new Error('not a TCP port');
  return address.port;
}
