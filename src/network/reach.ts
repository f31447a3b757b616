import type { Socket } from 'node:net';

import type { Environment } from '../runner.ts';
import { connect } from './connect.ts';
import { isAuthorityUnknown, NetworkError } from './error.ts';
import { within } from './limit.ts';
import { peerName, type Target } from './target.ts';
import type { Trust } from './trust.ts';

/** What the connections of one network share. */
export interface Wires {
  readonly env: Environment;
  readonly trust: Trust;
  /** The sockets that are open. */
  readonly sockets: Set<Socket>;
}

/** Connects; a certificate of an unknown authority is tried once more with this machine's list. */
export async function reach(
  wires: Wires,
  target: Target,
  milliseconds: number,
  signal: AbortSignal,
): Promise<Socket> {
  const open = async (): Promise<Socket> => {
    const context = target.secure ? await wires.trust.context() : undefined;
    return within(
      milliseconds,
      signal,
      () => unreached(target, milliseconds),
      (limited) => connect(target, context, limited, (socket) => remember(wires, socket)),
    );
  };
  try {
    return await open();
  } catch (error) {
    if (!isAuthorityUnknown(error) || !wires.trust.widen()) throw error;
    return open();
  }
}

function remember(wires: Wires, socket: Socket): void {
  wires.sockets.add(socket);
  socket.once('close', () => wires.sockets.delete(socket));
}

function unreached(target: Target, milliseconds: number): NetworkError {
  const seconds = milliseconds / 1000;
  const peer = peerName(target);
  return target.proxy
    ? new NetworkError({
        kind: 'proxy',
        what: `${peer} was not reached through the HTTP proxy ${peerName(target.proxy)} within ${seconds} s`,
      })
    : new NetworkError({ kind: 'timeout', what: `nothing answers at ${peer} within ${seconds} s` });
}
