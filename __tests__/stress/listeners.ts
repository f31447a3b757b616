import { readdir, readFile, readlink } from 'node:fs/promises';

/** A TCP socket that accepts connections. */
export interface Listener {
  readonly port: number;
  readonly uid: number;
  readonly inode: string;
}

/** Returns the listening TCP sockets of this machine, as /proc/net/tcp lists them (proc(5)). */
export async function listeners(): Promise<readonly Listener[]> {
  const table = await readFile('/proc/net/tcp', 'utf8');
  const rows = table.split('\n').map((line) => line.trim().split(/\s+/));
  return rows
    .filter(([, , , state]) => state === '0A')
    .map(([, local = '', , , , , , uid, , inode = '']) => {
      return { port: Number.parseInt(local.split(':')[1] ?? '', 16), uid: Number(uid), inode };
    });
}

/** Returns whether a process listens on a TCP port. */
export async function listensOn(pid: string, port: number): Promise<boolean> {
  const folder = `/proc/${pid}/fd`;
  const names = await readdir(folder).catch(() => []);
  const links = await Promise.all(
    names.map(async (name) => readlink(`${folder}/${name}`).catch(() => '')),
  );
  const own = (await listeners()).filter((listener) => listener.port === port);
  return own.some(({ inode }) => links.includes(`socket:[${inode}]`));
}
