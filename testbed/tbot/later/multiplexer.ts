import { connect, type Socket } from 'node:net';
import { Failure } from '../failure.ts';

/**
 * Opens a connection at the multiplexer's socket and passes it to ssh, which then speaks to tbot
 * without this program. Node passes a descriptor only by its IPC channel: the launcher says that
 * standard output is one, and ssh takes the descriptor and ignores the message around it.
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
    // What the other side says is for ssh.
    socket.pause();
    socket.once('connect', () => done(socket));
    socket.once('error', (error: NodeJS.ErrnoException) => {
      const cause = error.code === 'ENOENT' ? 'no such file or directory' : 'connection refused';
      reject(new Failure(`dial unix ${path}: connect: ${cause}`));
    });
  });
}
