import { once } from 'node:events';
import { createServer, type Server } from 'node:net';

/**
 * Returns free ports of the loopback interface, all different. Another process may take one before tbot
 * listens on it.
 */
export async function freePorts(count: number): Promise<readonly number[]> {
  const servers = await Promise.all(Array.from({ length: count }, listenAnywhere));
  const ports = servers.map(portOf);
  await Promise.all(servers.map(async (server) => closed(server)));
  return ports;
}

async function listenAnywhere(): Promise<Server> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  return server;
}

function portOf(server: Server): number {
  const address = server.address();
  return typeof address === 'object' ? (address?.port ?? 0) : 0;
}

async function closed(server: Server): Promise<void> {
  server.close();
  await once(server, 'close');
}
