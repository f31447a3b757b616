import { createHash, X509Certificate } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { text } from 'node:stream/consumers';
import { listenHttps } from '../loopback.ts';
import { type Context, fail, json, serveBots } from './routes.ts';

/** The cluster's Auth Service, which has a separate port. */
export interface AuthServer extends AsyncDisposable {
  /** `127.0.0.1:PORT` */
  readonly address: string;
  /** `sha256:<hex>` of the public key of the host CA, as in `tctl status`. */
  readonly caPin: string;
}

/**
 * Starts the Auth Service. Its certificate is issued by the host CA, which it returns to every client.
 * It does not have the web API of a proxy.
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
