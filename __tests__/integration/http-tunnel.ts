import type { Server } from 'node:http';
import { connect, type Socket } from 'node:net';
import { trackErrors, type Fixture } from './http.fixture.ts';

/** Makes a server an HTTP proxy whose tunnels all end at one port. Returns its `127.0.0.1:port`. */
export async function tunnelTo(target: number, server: Server, fixture: Fixture): Promise<string> {
  server.on('connect', (_, socket: Socket) => {
    const onward = connect(target, '127.0.0.1', () => {
      socket.write('HTTP/1.1 200 OK\r\n\r\n');
      onward.pipe(socket);
      socket.pipe(onward);
    });
    onward.on('error', () => socket.destroy());
    socket.on('error', () => onward.destroy());
  });
  const port = await trackErrors(server);
  fixture.keep({ close: () => server.close() });
  return `127.0.0.1:${port}`;
}
