import { request as httpRequest, type RequestOptions } from 'node:http';
import { Agent, request as httpsRequest } from 'node:https';
import { text } from 'node:stream/consumers';
import { connect as connectTls } from 'node:tls';
import type { Duplex } from 'node:stream';
import { networkFailure } from './network.ts';
import { proxyFor } from './route.ts';

/** The trusted CA certificates, and the environment with the HTTP proxy settings. */
export interface Reach {
  readonly env: NodeJS.ProcessEnv;
  /** PEM */
  readonly authorities: readonly string[];
  readonly insecure: boolean;
}

/** A request, without a timeout, as in the real program. */
export interface Exchange {
  readonly method: 'GET' | 'POST';
  readonly url: URL;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** A response with any status. */
export interface Answer {
  readonly status: number;
  readonly type: string;
  readonly text: string;
}

/** Sends a request and returns the response. Throws a Failure with Go's message. */
export async function exchange(call: Exchange, reach: Reach): Promise<Answer> {
  try {
    return await send(call, await optionsFor(call, reach));
  } catch (error) {
    throw networkFailure(error, call.url);
  }
}

async function optionsFor(call: Exchange, reach: Reach): Promise<RequestOptions> {
  const { url } = call;
  const base: RequestOptions = { method: call.method, headers: headersOf(call), agent: false };
  const secure = { ca: [...reach.authorities], rejectUnauthorized: !reach.insecure };
  const proxy = proxyFor(url, reach.env);
  if (proxy === undefined) return { ...base, ...secure };
  if (url.protocol === 'http:') {
    return { ...base, host: proxy.hostname, port: proxy.port || 80, path: url.href };
  }
  const socket = await tunnel(proxy, url);
  const servername = url.hostname;
  const agent = new Agent();
  agent.createConnection = () => connectTls({ socket, servername, ...secure });
  return { ...base, agent };
}

function headersOf(call: Exchange): Record<string, string> {
  const body =
    call.body === undefined ? {} : { 'Content-Length': `${Buffer.byteLength(call.body)}` };
  return { 'User-Agent': 'Go-http-client/1.1', ...call.headers, ...body };
}

function send(call: Exchange, options: RequestOptions): Promise<Answer> {
  const request = call.url.protocol === 'https:' ? httpsRequest : httpRequest;
  return new Promise((resolve, reject) => {
    const outgoing = request(call.url, options, (response) => {
      text(response).then(
        (body) =>
          resolve({
            status: response.statusCode ?? 0,
            type: response.headers['content-type'] ?? '',
            text: body,
          }),
        reject,
      );
    });
    outgoing.on('error', reject);
    outgoing.end(call.body);
  });
}

function tunnel(proxy: URL, target: URL): Promise<Duplex> {
  const authority = `${target.hostname}:${target.port || 443}`;
  return new Promise((resolve, reject) => {
    const outgoing = httpRequest({
      host: proxy.hostname,
      port: proxy.port || 80,
      method: 'CONNECT',
      path: authority,
      headers: { Host: authority },
      agent: false,
    });
    outgoing.on('error', reject);
    outgoing.on('connect', (response, socket) => {
      if (response.statusCode === 200) return resolve(socket);
      socket.destroy();
      reject(new Error(response.statusMessage));
    });
    outgoing.end();
  });
}
