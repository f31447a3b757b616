import type { IncomingMessage, ServerResponse } from 'node:http';
import { text } from 'node:stream/consumers';
import type { Faults } from '../faults.ts';
import type { JoinRequest } from './admission.ts';
import { answerApplication, applicationAt, applicationOf } from './application-access.ts';
import type { ClusterAuthorities } from './authorities.ts';
import { callerOf } from './caller.ts';
import { Denial } from './denial.ts';
import { issue } from './issue.ts';
import type { JoinService } from './join.ts';
import { answerKubernetes, forward, isForKubernetes } from './kubernetes-access.ts';
import type { Resources } from './resources.ts';
import { strikeJoin, strikeProxy } from './strike.ts';
import { findAnswer, type WebOptions } from './web.ts';
import { jwtKeys } from './workload-identity.ts';

/** The state of a running proxy. */
export interface Context {
  readonly web: WebOptions & { readonly channelVersion?: string };
  readonly faults: Faults;
  readonly address: () => string;
  readonly authorities: ClusterAuthorities;
  readonly resources: Resources;
  readonly apiServers: ReadonlyMap<string, string>;
  readonly joinService: JoinService;
  readonly now: () => Date;
  readonly strikes: (fault: object, limit: number) => boolean;
}

/** Responds to a request, or plays a fault. */
export async function answer(
  context: Context,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  try {
    await serve(context, request, response);
  } catch (error) {
    fail(response, error);
  }
}

async function serve(
  context: Context,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  if (await strikeProxy(context.faults, context.strikes, response)) return;
  const { pathname } = new URL(request.url ?? '/', 'https://proxy');
  if (giveAccess(context, request, response)) return;
  const body = await text(request);
  switch (`${request.method} ${pathname.replace(/^\/v1\//, '/')}`) {
    case 'GET /webapi/find':
      return json(response, 200, findAnswer(context.web, context.address(), 'find'));
    case 'GET /webapi/ping':
      return json(response, 200, findAnswer(context.web, context.address(), 'ping'));
    case 'GET /webapi/automaticupgrades/channel/default/version':
      return channel(context, response);
    case 'GET /workload-identity/jwt-jwks.json':
      return json(response, 200, await jwtKeys(context.authorities));
    default:
      if (!(await serveBots(context, request, body, response)))
        response.writeHead(302, { location: '/web' }).end();
  }
}

/** Serves the requests of bots, also at the Auth Service. Returns false for other requests. */
export async function serveBots(
  context: Context,
  request: IncomingMessage,
  body: string,
  response: ServerResponse,
): Promise<boolean> {
  switch (`${request.method} ${request.url}`) {
    case 'POST /testbed/join/challenge':
      json(response, 200, context.joinService.challenge());
      return true;
    case 'POST /testbed/join':
      await join(context, body, response);
      return true;
    case 'POST /testbed/certificates':
    case 'POST /testbed/kubernetes-clusters':
    case 'POST /testbed/host-certificate':
    case 'POST /testbed/svids':
    case 'POST /testbed/aws-session':
      json(response, 200, await issue(context, request, body));
      return true;
    default:
      return false;
  }
}

async function join(context: Context, body: string, response: ServerResponse): Promise<void> {
  const request: JoinRequest = JSON.parse(body);
  if (strikeJoin(context.faults, context.strikes, response)) {
    return context.joinService.lose(request, `fault ${context.faults.join.kind}`);
  }
  const joined = await context.joinService.join(request);
  const { session } = joined;
  json(response, 200, {
    identity: joined.identity,
    user: session.user,
    roles: session.bot.roles,
    instanceId: session.instanceId,
    validAfter: session.validAfter,
    validBefore: session.validBefore,
    clusterName: context.web.clusterName,
  });
}

/** Serves the resources behind the proxy. Returns false for requests to the proxy itself. */
function giveAccess(
  { web, resources, apiServers }: Context,
  request: IncomingMessage,
  response: ServerResponse,
): boolean {
  const caller = callerOf(request.socket);
  const { pathname } = new URL(request.url ?? '/', 'https://proxy');
  if (isForKubernetes(caller)) {
    const answered = answerKubernetes(caller, pathname, { ...web, resources, apiServers });
    if ('url' in answered) forward(answered.url, request, response);
    else json(response, answered.status, answered.body);
    return true;
  }
  const app =
    applicationAt(request.headers.host ?? '', resources, web.clusterName) ??
    applicationOf(caller, resources);
  if (app === undefined) return false;
  const greeting = answerApplication(app, caller);
  if (greeting === undefined) response.writeHead(302, { location: `/web/launch/${app}` });
  response.end(greeting);
  return true;
}

function channel(context: Context, response: ServerResponse): void {
  const version = context.web.channelVersion;
  response.writeHead(version === undefined ? 404 : 200, { 'content-type': 'text/plain' });
  response.end(version === undefined || version === 'none' ? version : `v${version}\n`);
}

/** Responds with a Denial, or with HTTP 500 for a bug of the testbed. */
export function fail(response: ServerResponse, error: unknown): void {
  if (error instanceof Denial) return json(response, 403, { error: error.message });
  json(response, 500, { error: `the testbed failed: ${String(error)}` });
}

/** Responds with JSON. */
export function json(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(JSON.stringify(body));
}
