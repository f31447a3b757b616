import { createServer as createHttpsServer, type Server as HttpsServer } from 'node:https';
import type { RequestListener } from 'node:http';
import { createServer, type Server, type Socket } from 'node:net';
import { type Faults, watchFault } from '../faults.ts';

interface Certificate {
  readonly key: string;
  readonly cert: string;
}

/** A TLS port whose certificate and whose being open follow the switch `faults.proxy`. */
export interface SwitchedListener extends AsyncDisposable {
  readonly port: number;
}

/**
 * Listens on 127.0.0.1. 'untrusted' presents the stranger's certificate to new connections;
 * 'refused' closes the port, and the next value of the switch opens the same one again.
 */
export async function listenSwitched(
  certificates: { readonly known: Certificate; readonly stranger: Certificate },
  faults: Faults,
  handler: RequestListener,
): Promise<SwitchedListener> {
  const known = createHttpsServer(certificates.known, handler);
  const stranger = createHttpsServer(certificates.stranger, handler);
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
