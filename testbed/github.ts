import { randomBytes } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { JWK } from 'jose';
import type { Faults } from './faults.ts';
import { defaultClaims, type GithubClaims, issueIdToken, issuerKeys } from './github/token.ts';
import { listenHttp } from './loopback.ts';

/** A request to the endpoint for OIDC tokens. */
interface IdTokenRequest {
  readonly url: string;
  readonly audience: string | undefined;
  readonly authorized: boolean;
  readonly headers: Readonly<IncomingMessage['headers']>;
}

/** The issuer of OIDC tokens, and the endpoint that jobs request them from. */
export interface GithubIssuer extends AsyncDisposable {
  /** `iss` of the tokens, and the base URL of the discovery document and the keys. */
  readonly issuer: string;
  /** The variables of a job with `id-token: write`. */
  readonly environment: {
    readonly ACTIONS_ID_TOKEN_REQUEST_URL: string;
    readonly ACTIONS_ID_TOKEN_REQUEST_TOKEN: string;
  };
  /** The claims of the job; tests can change them. */
  readonly claims: GithubClaims;
  readonly requests: readonly IdTokenRequest[];
}

/** Starts the issuer, which signs with a new RS256 key. */
export async function startGithubIssuer(options: {
  readonly faults: Faults;
  readonly repositoryVisibility?: 'public' | 'private' | 'internal';
}): Promise<GithubIssuer> {
  const keys = await issuerKeys();
  const claims = defaultClaims(options.repositoryVisibility);
  const requestToken = randomBytes(48).toString('base64url');
  const requests: IdTokenRequest[] = [];
  const listener = await listenHttp((request, response) => {
    const url = new URL(request.url ?? '/', listener.url);
    if (url.pathname.startsWith('/.well-known/')) {
      return discover(url, listener.url, keys.jwk, response);
    }
    if (url.pathname !== '/idtoken/job') return answer(response, 404, { message: 'Not Found' });
    const call = record(request, url, requestToken);
    requests.push(call);
    if (!call.authorized) return answer(response, 401, { message: 'Unauthorized' });
    if (strike(options.faults, response)) return;
    const now = Math.floor(Date.now() / 1000) + options.faults.clock.github;
    issueIdToken(claims, { issuer: listener.url, audience: call.audience, now }, keys).then(
      (value) => answer(response, 200, { count: value.length, value }),
      () => response.destroy(),
    );
  });
  const { url } = listener;
  return {
    issuer: url,
    environment: {
      ACTIONS_ID_TOKEN_REQUEST_URL: `${url}/idtoken/job?api-version=2.0`,
      ACTIONS_ID_TOKEN_REQUEST_TOKEN: requestToken,
    },
    claims,
    requests,
    [Symbol.asyncDispose]: async () => await listener.close(),
  };
}

function record(request: IncomingMessage, url: URL, requestToken: string): IdTokenRequest {
  return {
    url: request.url ?? '',
    audience: url.searchParams.get('audience') ?? undefined,
    authorized: request.headers.authorization === `Bearer ${requestToken}`,
    headers: request.headers,
  };
}

function strike(faults: Faults, response: ServerResponse): boolean {
  const fault = faults.github;
  switch (fault.kind) {
    case 'none':
      return false;
    case 'silent':
      return true;
    case 'status':
      answer(response, fault.status, { message: 'rejected by the testbed' });
      return true;
    case 'html':
      response.writeHead(200, { 'content-type': 'text/html' });
      response.end('<!DOCTYPE html><title>Sign in</title>\n');
      return true;
    case 'no-value':
      answer(response, 200, { count: 0 });
      return true;
    default:
      return fault satisfies never;
  }
}

function discover(url: URL, issuer: string, jwk: JWK, response: ServerResponse): void {
  if (url.pathname === '/.well-known/jwks') return answer(response, 200, { keys: [jwk] });
  if (url.pathname !== '/.well-known/openid-configuration') {
    return answer(response, 404, { message: 'Not Found' });
  }
  answer(response, 200, {
    issuer,
    jwks_uri: `${issuer}/.well-known/jwks`,
    subject_types_supported: ['public', 'pairwise'],
    response_types_supported: ['id_token'],
    claims_supported: ['sub', 'aud', 'exp', 'iat', 'iss', 'jti', 'nbf', 'repository'],
    id_token_signing_alg_values_supported: ['RS256'],
    scopes_supported: ['openid'],
  });
}

function answer(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { 'content-type': 'application/json; charset=utf-8' });
  response.end(JSON.stringify(body));
}
