import { request } from 'node:https';
import type { Duplex } from 'node:stream';
import { text } from 'node:stream/consumers';
import { nodeProtocol } from '../../teleport/node-access.ts';
import { Failure } from '../failure.ts';
import { networkFailure } from '../network.ts';
import { readArtifact } from './files.ts';

/** A node and its proxy. */
interface Target {
  readonly proxyAddress: string;
  readonly host: string;
  readonly port: string;
}

/** The client's certificate and key, and the proxy's CA certificate, as PEM. */
interface Proof {
  readonly ca: string;
  readonly cert: string;
  readonly key: string;
}

/**
 * Connects stdin and stdout to a node with the credentials of `start`. The system's CA certificates are
 * not used. Ends when the node closes the connection.
 */
export async function pipeToNode(target: Target & { readonly destination: string }): Promise<void> {
  const { destination } = target;
  const node = await connectToNode(target, {
    ca: readArtifact(destination, 'teleport-host-ca.crt'),
    cert: readArtifact(destination, 'tlscert'),
    key: readArtifact(destination, 'key'),
  });
  const closed = new Promise<void>((resolve) => node.once('close', () => resolve()));
  node.on('error', () => node.destroy());
  process.stdin.pipe(node).pipe(process.stdout);
  await closed;
  process.exit(0);
}

/** Connects to a node. Throws a Failure. */
export async function connectToNode(
  { proxyAddress, host, port }: Target,
  proof: Proof,
): Promise<Duplex> {
  const url = new URL(`https://${proxyAddress}/testbed/node?host=${host}&port=${port}`);
  return await new Promise((resolve, reject) => {
    const outgoing = request(url, {
      servername: 'teleport.cluster.local',
      ...proof,
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
