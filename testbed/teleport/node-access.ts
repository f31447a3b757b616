import type { IncomingMessage } from 'node:http';
import { connect } from 'node:net';
import type { Duplex } from 'node:stream';
import { callerOf } from './caller.ts';

/** The address of a node's SSH server. */
export interface NodeAddress {
  readonly host: string;
  readonly port: number;
}

/** The upgrade that the stand-in requests. A real tbot uses SSH or gRPC here. */
export const nodeProtocol = 'testbed-node';

/** Forwards bytes between a client and a node until one of them closes the connection. */
export function joinNode(
  request: IncomingMessage,
  client: Duplex,
  cluster: string,
  nodes: ReadonlyMap<string, NodeAddress | undefined>,
): void {
  client.on('error', () => client.destroy());
  if (callerOf(client).certificate === undefined) return refuse(client, 'access denied');
  const { searchParams } = new URL(request.url ?? '/', 'https://proxy');
  const asked = searchParams.get('host') ?? '';
  const name = asked.endsWith(`.${cluster}`) ? asked.slice(0, -cluster.length - 1) : asked;
  const address = nodes.get(name);
  if (address === undefined)
    return refuse(client, `target host ${asked} is offline or does not exist`);
  const node = connect(address.port, address.host, () => {
    client.write(`HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\n`);
    client.write(`Upgrade: ${nodeProtocol}\r\n\r\n`);
    client.pipe(node).pipe(client);
  });
  node.on('error', (error) => {
    if (node.connecting || node.bytesRead === 0) refuse(client, error.message);
    client.destroy();
  });
  client.on('close', () => node.destroy());
}

function refuse(client: Duplex, error: string): void {
  client.end(`HTTP/1.1 403 Forbidden\r\nConnection: close\r\n\r\n${error}`);
}
