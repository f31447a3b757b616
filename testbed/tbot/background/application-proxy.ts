import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { request as requestUpstream } from 'node:https';
import { pipeline } from 'node:stream/promises';
import type { Cluster } from '../cluster.ts';
import { Failure } from '../failure.ts';
import { networkFailure } from '../network.ts';
import { doing } from '../output/context.ts';
import { forever } from '../play.ts';
import { listenUnderFault, parseListen } from './listen.ts';
import type { Running, ServiceOf } from './service.ts';
import { type ClientCertificate, issueFor, proxyAddressOf } from './tunnel.ts';

/** Serves an HTTP proxy that treats host names as application names. Source: `lib/tbot/services/application/proxy_service.go`. */
export async function proxyApplications(
  service: ServiceOf<'application-proxy'>,
  running: Running,
): Promise<never> {
  const { bot, words, reporter, controlFile } = running;
  const certificate = certificates(service, running);
  let proxyAddress = '';
  const server = createServer((incoming, response) => {
    const app = applicationOf(incoming);
    certificate(app)
      .then(async (own) => forward(incoming, response, { own, proxyAddress, cluster: bot.cluster }))
      .catch((error: unknown) => {
        if (!(error instanceof Failure)) throw error;
        words.serviceError('Encountered an error while proxying request', error);
        refuse(response, error.message.endsWith('not found') ? 404 : 500, error.inline);
      });
  });
  server.on('connect', (_incoming, socket) => {
    socket.end(`HTTP/1.1 501 Not Implemented\r\nConnection: close\r\n\r\n${body(noConnect)}`);
  });
  const address = await doing('opening listener', async () =>
    listenUnderFault(server, parseListen(service.listen), 'service', controlFile),
  );
  proxyAddress = await doing('pinging upstream proxy', async () => proxyAddressOf(running));
  words.service('Finished initializing');
  words.service('Listening for proxy connections', { address });
  reporter.healthy();
  return await forever();
}

const noConnect = 'proxy does not support CONNECT method';

/** Caches each certificate for one renewal interval. */
function certificates(
  service: ServiceOf<'application-proxy'>,
  { bot, words, lifetime }: Running,
): (app: string) => Promise<ClientCertificate> {
  const cache = new Map<string, { readonly own: ClientCertificate; readonly until: number }>();
  return async (app) => {
    const known = cache.get(app);
    if (known !== undefined && known.until > Date.now()) return known.own;
    words.service('Issuing app cert', { app });
    const own = await doing('fetching certificate', async () =>
      issueFor(service, { type: 'application', app }, await bot.context()),
    );
    cache.set(app, { own, until: Date.now() + lifetime.interval * 1000 });
    return own;
  };
}

/** Returns the host of the absolute URL or of the Host header, including the port, as Go's `Request.Host` does. */
function applicationOf({ url = '', headers }: IncomingMessage): string {
  return URL.canParse(url) ? new URL(url).host : (headers.host ?? '');
}

async function forward(
  incoming: IncomingMessage,
  response: ServerResponse,
  {
    own,
    proxyAddress,
    cluster,
  }: { readonly own: ClientCertificate; readonly proxyAddress: string; readonly cluster: Cluster },
): Promise<void> {
  const { pathname, search } = new URL(incoming.url ?? '/', 'http://application');
  const url = new URL(`https://${proxyAddress}${pathname}${search}`);
  const upstream = await new Promise<IncomingMessage>((done, reject) => {
    const outgoing = requestUpstream(url, {
      method: incoming.method,
      headers: { ...incoming.headers, host: proxyAddress },
      ca: [...cluster.web.authorities],
      rejectUnauthorized: !cluster.web.insecure,
      cert: own.cert,
      key: own.key,
      agent: false,
    });
    outgoing.on('error', (error) => reject(networkFailure(error, url)));
    outgoing.on('response', done);
    incoming.pipe(outgoing);
  });
  response.writeHead(upstream.statusCode ?? 502, upstream.headers);
  await pipeline(upstream, response).catch(() => response.destroy());
}

function refuse(response: ServerResponse, status: number, message: string): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(body(message));
}

/** Source: `trace.WriteError`. */
function body(message: string): string {
  return JSON.stringify({ error: { message } }, null, 4);
}
