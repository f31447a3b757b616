import { spawnSync } from 'node:child_process';
import { createServer, type Socket } from 'node:net';
import { connect } from 'node:tls';
import { Failure } from '../failure.ts';
import { networkFailure } from '../network.ts';
import { readArtifact } from './files.ts';

/** A local port for PostgreSQL clients, which encrypt the connection themselves. */
export interface DatabaseProxy {
  readonly destination: string;
  readonly proxyAddress: string;
  readonly port: string;
}

/**
 * Forwards connections to the proxy until the process is stopped. tbot runs `tsh proxy db` for this; the
 * stand-in only checks that tsh exists. Source: `tool/tbot/proxy.go`.
 */
export async function proxyDatabase(target: DatabaseProxy): Promise<never> {
  if (spawnSync('tsh', ['version']).status !== 0) {
    throw new Failure('exec: "tsh": executable file not found in $PATH');
  }
  const ca = readArtifact(target.destination, 'teleport-host-ca.crt');
  const server = createServer((client) => forward(client, target, ca));
  return await new Promise((_, reject) => {
    server.once('error', (error) => reject(new Failure(error.message)));
    server.listen(Number(target.port), '127.0.0.1');
  });
}

function forward(client: Socket, { proxyAddress }: DatabaseProxy, ca: string): void {
  const url = new URL(`https://${proxyAddress}`);
  const proxy = connect({
    host: url.hostname,
    port: Number(url.port),
    servername: 'teleport.cluster.local',
    ca,
    ALPNProtocols: ['teleport-postgres'],
  });
  proxy.on('error', (error) => {
    process.stderr.write(`${networkFailure(error, url).message}\n`);
    client.destroy();
  });
  client.on('error', () => client.destroy());
  client.on('close', () => proxy.destroy());
  proxy.on('close', () => client.destroy());
  client.pipe(proxy).pipe(client);
}
