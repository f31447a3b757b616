import { request } from 'node:https';
import type { Duplex } from 'node:stream';
import { text } from 'node:stream/consumers';
import { nodeProtocol } from '../../teleport/node-access.ts';
import { Failure } from '../failure.ts';
import { networkFailure } from '../network.ts';
import { readArtifact } from './files.ts';

interface Target {
  readonly destination: string;
  readonly proxyAddress: string;
  readonly host: string;
  readonly port: string;
}

/**
 * Connects stdin and stdout to a node with the credentials of `start`. The system's CA certificates are
 * not used. Ends when the node closes the connection.
 */
export async function pipeToNode(target: Target): Promise<void> {
  const node = await connect(target);
  const closed = new Promise<void>((resolve) => node.once('close', () => resolve()));
  node.on('error', () => node.destroy());
  process.stdin.pipe(node).pipe(process.stdout);
  await closed;
  process.exit(0);
}

function connect({ destination, proxyAddress, host, port }: Target): Promise<Duplex> {
  const url = new URL(`https://${proxyAddress}/testbed/node?host=${host}&port=${port}`);
  return new Promise((resolve, reject) => {
    const outgoing = request(url, {
      servername: 'teleport.cluster.local',
      ca: readArtifact(destination, 'teleport-host-ca.crt'),
      cert: readArtifact(destination, 'tlscert'),
      key: readArtifact(destination, 'key'),
      headers: { Connection: 'Upgrade', Upgrade: nodeProtocol },
      agent: false,
    });
    outgoing.on('error', (error) => reject(networkFailure(error, url)));
    outgoing.on('response', (response) => {
      text(response).then((answer) => reject(new Failure(answer)), reject);
    });
    outgoing.on('upgrade', (_response, socket, head) => {
      socket.unshift(head);
      resolve(socket);
    });
    outgoing.end();
  });
}
