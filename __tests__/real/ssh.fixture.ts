import { type ChildProcess, spawn } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { environment } from '../requirements.ts';

/** A running OpenSSH server. */
export interface Sshd extends AsyncDisposable {
  readonly port: number;
  /** Its log. */
  log(): string;
}

/** Starts a server with the files of an `ssh_host` service, which trusts only users of the cluster. */
export async function startSshd(program: string, host: string, folder: string): Promise<Sshd> {
  const port = await freePort();
  const file = join(folder, 'sshd_config');
  writeFileSync(file, configure(host, folder, port));
  // Debian creates the directory only when its service starts.
  if (process.getuid?.() === 0) mkdirSync('/run/sshd', { recursive: true, mode: 0o755 });
  const child = spawn(program, ['-D', '-e', '-f', file], { env: environment });
  let log = '';
  child.stderr.on('data', (data) => {
    log += String(data);
  });
  await answering(port, child, () => log);
  return {
    port,
    log: () => log,
    [Symbol.asyncDispose]: async () => {
      const ended = once(child, 'exit');
      child.kill('SIGTERM');
      await ended;
    },
  };
}

function configure(host: string, folder: string, port: number): string {
  return [
    `Port ${port}`,
    'ListenAddress 127.0.0.1',
    `PidFile ${join(folder, 'sshd.pid')}`,
    `HostKey ${join(host, 'ssh_host')}`,
    `HostCertificate ${join(host, 'ssh_host-cert.pub')}`,
    `TrustedUserCAKeys ${join(host, 'ssh_host-user-ca.pub')}`,
    'AuthorizedKeysFile none',
    'PasswordAuthentication no',
    'KbdInteractiveAuthentication no',
    'UsePAM no',
    'PermitRootLogin prohibit-password',
    'LogLevel VERBOSE',
    '',
  ].join('\n');
}

/** Returns a port that no process uses. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port }: { port?: number } = Object(server.address());
  server.close();
  await once(server, 'close');
  return port ?? 0;
}

async function answering(port: number, child: ChildProcess, log: () => string): Promise<void> {
  while (child.exitCode === null) {
    const socket = connect(port, '127.0.0.1');
    const open = await once(socket, 'connect').then(
      () => true,
      () => false,
    );
    socket.destroy();
    if (open) return;
    await sleep(20);
  }
  throw new Error(`sshd ended:\n${log()}`);
}
