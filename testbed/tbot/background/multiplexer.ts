import { existsSync, readFileSync } from 'node:fs';
import { createServer, type Socket } from 'node:net';
import { join, resolve } from 'node:path';
import { find } from '../cluster.ts';
import { writeArtifact } from '../destination.ts';
import { Failure } from '../failure.ts';
import { connectToNode } from '../later/node.ts';
import { doing } from '../output/context.ts';
import { type Credentials, request } from '../output/credentials.ts';
import { knownHosts, quote } from '../sshconfig.ts';
import { listen } from './listen.ts';
import { runLoop } from './loop.ts';
import type { Running, ServiceOf } from './service.ts';
import { serveSshAgent } from './ssh-agent.ts';
import { outputAttempts } from './words.ts';

/**
 * Serves one socket for connections and one for the SSH agent protocol. The sockets exist before
 * `ssh_config`, as in `lib/tbot/services/ssh/multiplexer.go`. Session resumption, proxy templates,
 * relays and error output to ssh are not supported.
 */
export async function multiplex(
  service: ServiceOf<'ssh-multiplexer'>,
  running: Running,
): Promise<never> {
  const { words, reporter, lifetime, bot } = running;
  const directory = resolve(service.directory);
  let credentials = await doing('generating initial identity', async () =>
    generate(service, running),
  );
  const { cluster, joined } = await bot.context();
  const { proxy } = await find(cluster, joined.identity);
  const proxyAddress = proxy.ssh.public_addr;
  const connections = createServer({ pauseOnConnect: true }, (socket) => {
    serveConnection(socket, proxyAddress, credentials, running).catch((error: unknown) => {
      socket.destroy();
      if (!(error instanceof Failure)) throw error;
      words.serviceError('Mux handler exited with error', error);
    });
  });
  const keys = createServer((socket) => serveSshAgent(socket, credentials));
  await listen(connections, { network: 'unix', path: join(directory, connectionSocket) });
  await listen(keys, { network: 'unix', path: join(directory, agentSocket) });
  reporter.healthy();
  return await runLoop({
    interval: lifetime.interval,
    attempts: outputAttempts,
    words: words.loop('identity-renewal', lifetime.interval),
    // In the source, this loop has no reporter.
    reporter: { healthy: () => undefined, unhealthy: () => undefined },
    waits: false,
    ends: false,
    async run() {
      credentials = await generate(service, running);
      writeFiles(service, running.executable, proxyAddress, credentials);
    },
  });
}

const connectionSocket = 'v1.sock';
const agentSocket = 'agent.sock';

async function generate(
  service: ServiceOf<'ssh-multiplexer'>,
  { bot }: Running,
): Promise<Credentials> {
  return await doing('generating identity', async () =>
    request(service, await bot.context(), { type: 'identity' }),
  );
}

function writeFiles(
  { directory, proxyCommand }: ServiceOf<'ssh-multiplexer'>,
  executable: string,
  proxyAddress: string,
  credentials: Credentials,
): void {
  const path = resolve(directory);
  const { cluster } = credentials;
  const command =
    proxyCommand.length > 0 ? proxyCommand : [executable, 'ssh-multiplexer-proxy-command'];
  const words = [...command, join(path, connectionSocket)].map(quote).join(' ');
  // Source: `muxedSSHConfigTemplate` in `lib/config/openssh/openssh.go`.
  const config = `# Begin generated Teleport configuration by tbot for the ssh-multiplexer service

Host *.${cluster}
    Port 3022
    UserKnownHostsFile ${quote(join(path, 'known_hosts'))}
    IdentityFile none
    IdentityAgent ${quote(join(path, agentSocket))}
    ProxyCommand ${words} '%h:%p|${cluster}'
    ProxyUseFDPass yes
# End generated Teleport configuration
`;
  writeIfChanged(path, 'known_hosts', knownHosts(credentials, proxyAddress));
  writeIfChanged(path, 'ssh_config', config);
}

function writeIfChanged(directory: string, name: string, content: string): void {
  const path = join(directory, name);
  if (existsSync(path) && readFileSync(path, 'utf8') === content) return;
  writeArtifact({ type: 'directory', path: directory }, name, content);
}

/** Connects a client to the node that it names first, as `host:port|cluster` and a NUL byte. */
async function serveConnection(
  client: Socket,
  proxyAddress: string,
  credentials: Credentials,
  { words }: Running,
): Promise<void> {
  client.on('error', () => client.destroy());
  const target = await readTarget(client);
  const [, host = '', port = '', , cluster = credentials.cluster] =
    /^(.*):(\d+)(\|(.*))?$/.exec(target) ?? [];
  if (host === '') throw new Failure(`malformed request ${JSON.stringify(target)}`);
  const about = { 'req.host': host, 'req.port': port, 'req.cluster_name': cluster };
  words.service('Received multiplexing request', about);
  const node = await connectToNode(
    { proxyAddress, host, port },
    { ca: credentials.hostCa, cert: credentials.tlsCert, key: credentials.key },
  );
  words.service('Proxying connection for multiplexing request', about);
  node.on('error', () => node.destroy());
  client.on('close', () => node.destroy());
  node.on('close', () => client.destroy());
  client.pipe(node).pipe(client);
}

async function readTarget(client: Socket): Promise<string> {
  let read = Buffer.alloc(0);
  for (;;) {
    const chunk: Buffer | null = client.read();
    if (chunk !== null) read = Buffer.concat([read, chunk]);
    const end = read.indexOf(0);
    if (end >= 0) {
      client.unshift(read.subarray(end + 1));
      return read.subarray(0, end).toString();
    }
    if (client.readableEnded || client.destroyed) throw new Failure('EOF', ['reading request']);
    await new Promise<void>((done) => {
      client.once('readable', done);
      client.once('close', done);
    });
  }
}
