import { connect, type Socket } from 'node:net';
import { Failure } from '../failure.ts';

/**
 * Connects to the multiplexer's socket and passes the connection to ssh (`ProxyUseFDPass`). Node can
 * send a file descriptor only over an IPC channel, so the launcher declares standard output as one.
 * ssh uses the descriptor and ignores the rest of the message.
 */
export async function passToSsh(socketPath: string, target: string): Promise<void> {
  const socket = await open(socketPath);
  await new Promise<void>((done) => socket.write(`${target}\0`, () => done()));
  if (process.send === undefined) throw new Failure('standard output is not a socket');
  await new Promise<void>((done) => {
    process.send?.({}, socket, { keepOpen: true }, () => done());
  });
  process.exit(0);
}

async function open(path: string): Promise<Socket> {
  return await new Promise((done, reject) => {
    const socket = connect(path);
    // All data of the connection is for ssh.
    socket.pause();
    socket.once('connect', () => done(socket));
    socket.once('error', (error: NodeJS.ErrnoException) => {
      const cause = error.code === 'ENOENT' ? 'no such file or directory' : 'connection refused';
      reject(new Failure(`dial unix ${path}: connect: ${cause}`));
    });
  });
}
