import { createHash, X509Certificate } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { text } from 'node:stream/consumers';
import { listenHttps } from '../loopback.ts';
import { type Context, fail, json, serveBots } from './routes.ts';

/** The cluster's Auth Service, on a port of its own. */
export interface AuthServer extends AsyncDisposable {
  /** `127.0.0.1:PORT` */
  readonly address: string;
  /** `sha256:<hex>` of the host authority's public key, as `tctl status` shows it. */
  readonly caPin: string;
}

/**
 * Starts it. It shows a certificate of the host authority, which nobody trusts beforehand, tells
 * that authority to everybody, and knows nothing of what a proxy answers on the Web.
 */
export async function startAuthServer(context: Context): Promise<AuthServer> {
  const { host } = context.authorities;
  const names = ['teleport.cluster.local', '127.0.0.1', 'localhost', '::1'];
  const listener = await listenHttps(
    await host.serverCertificate(names),
    (request, response) => void answer(context, request, response),
  );
  return {
    address: `127.0.0.1:${listener.port}`,
    caPin: pinOf(host.pem),
    [Symbol.asyncDispose]: async () => await listener.close(),
  };
}

/** Source: `lib/utils/spki.go`. */
function pinOf(pem: string): string {
  const key = new X509Certificate(pem).publicKey.export({ type: 'spki', format: 'der' });
  return `sha256:${createHash('sha256').update(key).digest('hex')}`;
}

async function answer(
  context: Context,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  try {
    const body = await text(request);
    switch (`${request.method} ${request.url}`) {
      case 'GET /testbed/authority':
        return json(response, 200, { hostCa: context.authorities.host.pem });
      case 'POST /testbed/ping':
        context.joinService.session(bearerOf(request));
        return json(response, 200, { proxyPublicAddr: context.address() });
      default:
        if (!(await serveBots(context, request, body, response)))
          json(response, 404, { error: 'not found' });
    }
  } catch (error) {
    fail(response, error);
  }
}

function bearerOf({ headers }: IncomingMessage): string {
  return headers.authorization?.replace(/^Bearer /, '') ?? '';
}
