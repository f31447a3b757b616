import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { listenUnderFault, parseHostPort } from './listen.ts';
import type { Registry } from './registry.ts';
import type { Traits } from './traits.ts';

/** Starts the diagnostics service. Throws a Failure if the address is in use. Source: `lib/tbot/internal/diagnostics/service.go`. */
export async function startDiagnostics(
  address: string,
  registry: Registry,
  traits: Traits,
  controlFile: string,
): Promise<void> {
  const server = createServer((request, response) => {
    void answer(request, response, registry, traits);
  });
  await listenUnderFault(server, parseHostPort(address), 'diagnostics', controlFile);
}

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  registry: Registry,
  traits: Traits,
): Promise<void> {
  const { pathname } = new URL(request.url ?? '/', 'http://tbot');
  const [, route = '', service] = /^\/(\w+)(?:\/(.+))?$/.exec(pathname) ?? [];
  switch (route) {
    case 'metrics':
      return send(response, 200, 'text/plain', '');
    case 'livez':
      if (traits.readyz !== 'missing') return send(response, 200, 'text/plain', 'OK');
      break;
    case 'readyz':
      if (traits.readyz === 'always') return send(response, 200, 'text/plain', 'OK');
      if (traits.readyz === 'truthful') return sendStatus(response, registry, service);
      break;
    case 'wait':
      if (!traits.wait) break;
      await registry.reported();
      return sendStatus(response, registry, service);
    default:
  }
  // `/healthz` returns this in every version: recorded from 15.0.0-dev, and not in the source of later versions.
  return send(response, 404, 'text/plain', notFound);
}

function sendStatus(response: ServerResponse, registry: Registry, name?: string): void {
  const shown = name === undefined ? registry.overall() : registry.one(decodeURIComponent(name));
  if (shown === undefined) {
    return sendJson(response, 404, { error: `Service named ${JSON.stringify(name)} not found.` });
  }
  sendJson(response, shown.status === 'healthy' ? 200 : 503, shown);
}

function sendJson(response: ServerResponse, status: number, body: object): void {
  send(response, status, 'application/json', JSON.stringify(body, null, 2));
}

function send(response: ServerResponse, status: number, type: string, body: string): void {
  response.writeHead(status, { 'content-type': type }).end(body);
}

const notFound =
  "404 - Not Found\n\nI'm a little tbot,\nshort and stout,\nthe page you seek,\nis not about.";
