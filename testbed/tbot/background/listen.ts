import { appendFileSync, chmodSync, existsSync, rmSync, statSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { dirname, resolve } from 'node:path';
import type { TbotFault } from '../../faults.ts';
import { Failure } from '../failure.ts';
import { readFault, startsFile } from '../play.ts';

/** The address of a server: a TCP port or a Unix socket. */
type Address =
  | { readonly network: 'tcp'; readonly host: string; readonly port: number }
  | { readonly network: 'unix'; readonly path: string };

/** Parses `tcp://host:port` or `unix:///path`. Throws a Failure. Source: `lib/tbot/internal/listener.go`. */
export function parseListen(uri: string): Address {
  if (!URL.canParse(uri)) throw new Failure(`parse ${JSON.stringify(uri)}: invalid URL`);
  const { protocol, hostname, port, pathname } = new URL(uri);
  switch (protocol) {
    case 'tcp:':
      return { network: 'tcp', host: hostname, port: Number(port) };
    case 'unix:':
      return { network: 'unix', path: resolve(decodeURIComponent(pathname)) };
    default:
      throw new Failure(`unsupported scheme ${JSON.stringify(protocol.slice(0, -1))}`);
  }
}

/** Parses `host:port`. */
export function parseHostPort(address: string): Address {
  const [, host = '', port = ''] = /^(.*):(\d+)$/.exec(address) ?? [];
  return { network: 'tcp', host: host.replace(/^\[|\]$/g, ''), port: Number(port) };
}

/**
 * Listens on an address and returns it as Go prints it. A Unix socket replaces an existing file and
 * has mode 0777, as in `lib/tbot/internal/listener.go`. Throws a Failure with Go's error text.
 */
export async function listen(server: Server, address: Address): Promise<string> {
  if (address.network === 'unix') rmSync(address.path, { force: true });
  try {
    await bind(server, address);
  } catch (error) {
    throw bindFailure(error, address);
  }
  if (address.network === 'tcp') {
    const bound = server.address();
    const port = typeof bound === 'object' && bound !== null ? bound.port : address.port;
    return `${address.host}:${port}`;
  }
  chmodSync(address.path, 0o777);
  return address.path;
}

/** Listens on an address. The fault 'port-taken' occupies it first. */
export async function listenUnderFault(
  server: Server,
  address: Address,
  which: 'diagnostics' | 'service',
  controlFile: string,
): Promise<string> {
  const fault = readFault(controlFile);
  if (fault.kind !== 'port-taken' || fault.address !== which || !strikes(fault, controlFile)) {
    return await listen(server, address);
  }
  const other = createServer();
  const taken = await listen(other, address);
  return await listen(server, address.network === 'tcp' ? parseHostPort(taken) : address);
}

/** Counts the starts in a file, because each start is another process. */
function strikes(fault: TbotFault & { readonly kind: 'port-taken' }, controlFile: string): boolean {
  const counter = startsFile(controlFile);
  appendFileSync(counter, '.');
  return statSync(counter).size <= fault.starts;
}

async function bind(server: Server, address: Address): Promise<void> {
  await new Promise<void>((done, reject) => {
    server.once('error', reject);
    const listening = () => {
      server.off('error', reject);
      done();
    };
    if (address.network === 'unix') server.listen(address.path, listening);
    else server.listen(address.port, address.host, listening);
  });
}

const words: Readonly<Record<string, string>> = {
  EADDRINUSE: 'address already in use',
  EADDRNOTAVAIL: 'cannot assign requested address',
  EACCES: 'permission denied',
  ENOENT: 'no such file or directory',
  // The path is too long.
  EINVAL: 'invalid argument',
  ENAMETOOLONG: 'invalid argument',
};

function bindFailure(error: unknown, address: Address): Failure {
  const { code = '' }: { code?: string } = Object(error);
  const cause = words[code] ?? code;
  if (address.network === 'tcp') {
    return new Failure(`listen tcp ${address.host}:${address.port}: bind: ${cause}`);
  }
  // Node reports a missing folder as EACCES.
  const missing = code === 'EACCES' && !existsSync(dirname(address.path));
  const told = missing ? words['ENOENT'] : cause;
  const failure = new Failure(`listen unix ${address.path}: bind: ${told}`);
  return failure.within(`creating unix socket ${JSON.stringify(address.path)}`);
}
