import { X509Certificate } from 'node:crypto';
import { createServer, type Socket } from 'node:net';
import { connect, type TLSSocket } from 'node:tls';
import type { RouteRequest } from '../../teleport/route.ts';
import { type Cluster, find } from '../cluster.ts';
import { Failure } from '../failure.ts';
import { networkFailure } from '../network.ts';
import { doing, type OutputContext, type Requester } from '../output/context.ts';
import { request } from '../output/credentials.ts';
import { forever } from '../play.ts';
import { listenUnderFault, parseListen } from './listen.ts';
import type { Running, ServiceOf } from './service.ts';

/** A client certificate and its key as PEM. */
export interface ClientCertificate {
  readonly cert: string;
  readonly key: string;
  readonly expires: number;
}

/** Forwards TCP connections to an application. Source: `lib/tbot/services/application/tunnel_service.go`. */
export async function tunnelApplication(
  service: ServiceOf<'application-tunnel'>,
  running: Running,
): Promise<never> {
  const route = { type: 'application', app: service.app } as const;
  const issue = async () => issueFor(service, route, await running.bot.context());
  return await tunnel(service.listen, running, { issue, protocol: () => 'http/1.1' });
}

/** Forwards TCP connections to a database. Source: `lib/tbot/services/database/tunnel_service.go`. */
export async function tunnelDatabase(
  service: ServiceOf<'database-tunnel'>,
  running: Running,
): Promise<never> {
  const { service: name, database, username } = service;
  const route = { type: 'database', service: name, database, username } as const;
  const issue = async () => issueFor(service, route, await running.bot.context());
  return await tunnel(service.listen, running, { issue, protocol: protocolOf });
}

/** Requests a certificate for one target, after a certificate without a target. */
export async function issueFor(
  service: Requester,
  route: RouteRequest,
  context: OutputContext,
): Promise<ClientCertificate> {
  const facade = await request(service, context, { type: 'identity' });
  const { tlsCert, key } = await request(service, context, route, facade);
  return { cert: tlsCert, key, expires: new X509Certificate(tlsCert).validToDate.getTime() };
}

/** Returns the proxy's web address as `host:port`. */
export async function proxyAddressOf({ bot }: Running): Promise<string> {
  const { cluster, joined } = await bot.context();
  const { proxy } = await find(cluster, joined.identity);
  return proxy.ssh.public_addr;
}

/** Source: `ToALPNProtocol` in `lib/srv/alpnproxy/common`. */
function protocolOf({ cert }: ClientCertificate): string {
  const { subject } = new X509Certificate(cert).toLegacyObject();
  const { '1.3.9999.2.2': protocol = '' }: Record<string, string> = { ...Object(subject) };
  const known = ['postgres', 'mysql', 'mongodb', 'cockroachdb'];
  if (!known.includes(protocol)) {
    throw new Failure(`${JSON.stringify(protocol)} protocol is not supported`);
  }
  return `teleport-${protocol === 'cockroachdb' ? 'cockroach' : protocol}`;
}

interface Tunnel {
  readonly issue: () => Promise<ClientCertificate>;
  readonly protocol: (certificate: ClientCertificate) => string;
}

async function tunnel(
  listen: string,
  running: Running,
  { issue, protocol }: Tunnel,
): Promise<never> {
  const { bot, words, reporter, controlFile } = running;
  let current: ClientCertificate | undefined;
  const server = createServer({ pauseOnConnect: true });
  const address = await doing('opening listener', async () =>
    listenUnderFault(server, parseListen(listen), 'service', controlFile),
  );
  const { proxyAddress, alpn } = await doing('building local proxy config', async () => {
    const at = await doing('pinging proxy', async () => proxyAddressOf(running));
    current = await issue();
    words.service('Certificate issued for tunnel proxy.');
    return { proxyAddress: at, alpn: protocol(current) };
  });
  const certificate = async (): Promise<ClientCertificate> => {
    if (current !== undefined && current.expires > Date.now()) return current;
    words.service('Certificate for tunnel needs reissuing.', { reason: 'certificate has expired' });
    current = await doing('issuing cert', issue);
    words.service('Certificate issued for tunnel proxy.');
    return current;
  };
  server.on('connection', (downstream) => {
    downstream.on('error', () => downstream.destroy());
    forward(downstream, { proxyAddress, alpn, cluster: bot.cluster }, certificate).catch(
      (error: unknown) => {
        downstream.destroy();
        if (!(error instanceof Failure)) throw error;
        words.serviceError('Failed to handle connection', error);
      },
    );
  });
  words.service('Listening for connections.', { address });
  reporter.healthy();
  return await forever();
}

async function forward(
  downstream: Socket,
  target: { readonly proxyAddress: string; readonly alpn: string; readonly cluster: Cluster },
  certificate: () => Promise<ClientCertificate>,
): Promise<void> {
  const upstream = await dial(target, await certificate());
  upstream.on('error', () => upstream.destroy());
  downstream.on('close', () => upstream.destroy());
  upstream.on('close', () => downstream.destroy());
  downstream.pipe(upstream).pipe(downstream);
}

async function dial(
  {
    proxyAddress,
    alpn,
    cluster,
  }: { readonly proxyAddress: string; readonly alpn: string; readonly cluster: Cluster },
  { cert, key }: ClientCertificate,
): Promise<TLSSocket> {
  const url = new URL(`https://${proxyAddress}`);
  const { authorities, insecure } = cluster.web;
  return await new Promise((done, reject) => {
    const socket = connect({
      host: url.hostname,
      port: Number(url.port || 443),
      ca: [...authorities],
      rejectUnauthorized: !insecure,
      ALPNProtocols: [alpn],
      cert,
      key,
    });
    const fail = (error: Error) => reject(networkFailure(error, url));
    socket.once('error', fail);
    socket.once('secureConnect', () => {
      socket.off('error', fail);
      done(socket);
    });
  });
}
