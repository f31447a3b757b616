import type { IncomingMessage, ServerResponse } from 'node:http';
import type { JSONWebKeySet, JWK } from 'jose';
import { attestedDocument, accessToken, type SigningKey, signingKey } from './imds/proof.ts';
import { type Faults, watchFault } from './faults.ts';
import { createStrikes, listenHttp, type Listener } from './loopback.ts';
import { type AzureMachine, defaultMachine, instance, pickIdentity } from './imds/machine.ts';

/** A received request. */
interface ImdsRequest {
  readonly path: string;
  readonly query: Readonly<Record<string, string>>;
  readonly headers: Readonly<IncomingMessage['headers']>;
}

/** Azure's instance metadata service on loopback, with the keys of its documents. */
export interface Imds extends AsyncDisposable {
  /** Base URL. Its port is closed while the fault is `down`. */
  readonly environment: { readonly AZURE_POD_IDENTITY_AUTHORITY_HOST: string };
  /** The virtual machine; tests can change it. */
  readonly machine: AzureMachine;
  readonly requests: readonly ImdsRequest[];
  /** Public key of the attested documents. */
  readonly attestedKey: JWK;
  /** `iss` of the access tokens: `https://sts.windows.net/<tenant>/`. */
  readonly tokenIssuer: string;
  /** Keys of the access tokens. */
  readonly tokenKeys: JSONWebKeySet;
}

const apiVersions = ['2019-06-04', '2020-09-01', '2021-02-01', '2021-12-13', '2023-07-01'];

interface Service {
  readonly faults: Faults;
  readonly machine: AzureMachine;
  readonly attested: SigningKey;
  readonly sts: SigningKey;
  readonly strikes: ReturnType<typeof createStrikes>;
}

/** Starts the service on loopback (the real one is at 169.254.169.254, port 80). */
export async function startImds(options: { readonly faults: Faults }): Promise<Imds> {
  const [attested, sts] = [await signingKey('attested'), await signingKey('sts')];
  const machine = defaultMachine();
  const requests: ImdsRequest[] = [];
  const service: Service = { ...options, machine, attested, sts, strikes: createStrikes() };
  const listener = await listenHttp((request, response) => {
    const url = new URL(request.url ?? '/', 'http://imds');
    const query = Object.fromEntries(url.searchParams);
    requests.push({ path: url.pathname, query, headers: request.headers });
    serve(service, request, response).catch(() => response.destroy());
  });
  const end = followFault(options.faults, listener);
  return {
    environment: { AZURE_POD_IDENTITY_AUTHORITY_HOST: listener.url },
    machine,
    requests,
    attestedKey: attested.jwk,
    get tokenIssuer() {
      return `https://sts.windows.net/${machine.tenantId}/`;
    },
    tokenKeys: { keys: [sts.jwk] },
    [Symbol.asyncDispose]: end,
  };
}

/** Closes and opens the port with the fault. Returns a function that closes it permanently. */
function followFault(faults: Faults, listener: Listener): () => Promise<void> {
  let down = false;
  const toggle = (): void => {
    const wanted = faults.imds.kind === 'down';
    if (wanted !== down) void (wanted ? listener.close() : listener.reopen());
    down = wanted;
  };
  toggle();
  watchFault(faults, 'imds', toggle);
  return async () => {
    if (!down) await listener.close();
  };
}

/** Checks the requirements of every path before the paths. */
async function serve(
  service: Service,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const fault = service.faults.imds;
  if (fault.kind === 'silent') return;
  if (fault.kind === 'throttled' && service.strikes(fault, fault.requests)) {
    return refuse(response, 429, 'too_many_requests', 'Too many requests');
  }
  if (request.method !== 'GET') return refuse(response, 405, 'method_not_allowed', 'GET only');
  if (request.headers['x-forwarded-for'] !== undefined) {
    return refuse(response, 400, 'invalid_request', 'Requests through a proxy are not supported');
  }
  if (header(request, 'metadata')?.toLowerCase() !== 'true') {
    return refuse(response, 400, 'invalid_request', 'Required metadata header not specified');
  }
  await route(service, new URL(request.url ?? '/', 'http://imds'), response);
}

function header(request: IncomingMessage, name: string): string | undefined {
  const value = request.headers[name];
  return Array.isArray(value) ? value[0] : value;
}

async function route(service: Service, url: URL, response: ServerResponse): Promise<void> {
  if (url.pathname === '/metadata/versions') return send(response, 200, { apiVersions });
  const version = url.searchParams.get('api-version') ?? '';
  if (!apiVersions.includes(version)) {
    return unsupportedVersion(response, version);
  }
  switch (url.pathname) {
    case '/metadata/attested/document':
      return send(response, 200, await document(service, url));
    case '/metadata/identity/oauth2/token':
      return await token(service, url, response);
    case '/metadata/instance':
      return send(response, 200, { compute: instance(service.machine), network: {} });
    case '/metadata/instance/compute':
      return send(response, 200, instance(service.machine));
    default:
      return refuse(response, 404, 'not_found', `no such path ${url.pathname}`);
  }
}

async function document(service: Service, url: URL): Promise<object> {
  const nonce = url.searchParams.get('nonce') ?? undefined;
  return await attestedDocument(service.machine, nonce, service.attested);
}

async function token(service: Service, url: URL, response: ServerResponse): Promise<void> {
  const resource = url.searchParams.get('resource');
  if (resource === null) {
    return refuse(response, 400, 'invalid_request', 'Required query variable resource is missing');
  }
  const clientId = url.searchParams.get('client_id') ?? undefined;
  const picked = pickIdentity(service.machine, service.faults.imds, clientId);
  if (picked.kind === 'none') return refuse(response, 400, 'invalid_request', picked.description);
  const answer = await accessToken(service.machine, picked, resource, service.sts);
  return send(response, 200, answer);
}

function unsupportedVersion(response: ServerResponse, version: string): void {
  const error = version === '' ? 'api-version was not specified' : 'api-version is not supported';
  send(response, 400, {
    error: `Bad request. ${error} in the request. For more information refer to aka.ms/azureimds`,
    'newest-versions': apiVersions.toReversed().slice(0, 3),
  });
}

function refuse(response: ServerResponse, status: number, error: string, why: string): void {
  send(response, status, { error, error_description: why });
}

function send(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { 'content-type': 'application/json; charset=utf-8' });
  response.end(JSON.stringify(body));
}
