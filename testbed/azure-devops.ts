import { randomBytes, randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { SignJWT } from 'jose';
import { type IssuerKeys, issuerKeys } from './github/token.ts';
import { issueSecret } from './issued.ts';
import { listenHttp } from './loopback.ts';

/** The claims of an OIDC token of a pipeline. Source: Teleport, lib/join/azuredevops/azuredevops.go. */
export interface AzureDevopsClaims {
  sub: string;
  org_id: string;
  prj_id: string;
  def_id: string;
  rpo_id: string;
  rpo_uri: string;
  rpo_ver: string;
  rpo_ref: string;
  run_id: string;
  /** Azure DevOps issues all tokens for the same audience. */
  aud?: string;
}

/** Azure DevOps: the issuer of OIDC tokens, and the endpoint that jobs request them from. */
export interface AzureDevops extends AsyncDisposable {
  /** Returns `iss` of the tokens of an organization. */
  readonly issuer: (organizationId: string) => string;
  /** The variables of a step that maps the access token of the job. */
  readonly environment: {
    readonly SYSTEM_ACCESSTOKEN: string;
    readonly SYSTEM_OIDCREQUESTURI: string;
  };
  /** The claims of the job; tests can change them. */
  readonly claims: AzureDevopsClaims;
}

const organization = '22222222-2222-2222-2222-222222222222';

function defaultClaims(): AzureDevopsClaims {
  return {
    sub: 'p://acme/shop/deploy',
    org_id: organization,
    prj_id: '33333333-3333-3333-3333-333333333333',
    def_id: '7',
    rpo_id: '44444444-4444-4444-4444-444444444444',
    rpo_uri: 'https://dev.azure.com/acme/shop/_git/shop',
    rpo_ver: '6f3d1c0b9a8e7d6c5b4a39281706f5e4d3c2b1a0',
    rpo_ref: 'refs/heads/main',
    run_id: '42',
  };
}

/** The audience of all tokens. Source: lib/join/azuredevops/token_validator.go. */
export const azureDevopsAudience = 'api://AzureADTokenExchange';

/** Starts the issuer, which signs with a new RS256 key. */
export async function startAzureDevops(): Promise<AzureDevops> {
  const keys = await issuerKeys();
  const claims = defaultClaims();
  const accessToken = issueSecret('access token', randomBytes(48).toString('base64url'));
  const listener = await listenHttp((request, response) => {
    const url = new URL(request.url ?? '/', listener.url);
    // Every organization has an issuer.
    const [, issuer, document] =
      /^(.*\/[\w-]+)\/\.well-known\/(openid-configuration|jwks)$/.exec(url.href) ?? [];
    if (document === 'openid-configuration')
      return answer(response, 200, { issuer, jwks_uri: `${issuer}/.well-known/jwks` });
    if (document === 'jwks') return answer(response, 200, { keys: [keys.jwk] });
    if (!isTokenRequest(request, url)) return answer(response, 404, { message: 'Not Found' });
    if (request.headers.authorization !== `Bearer ${accessToken}`)
      return answer(response, 401, { message: 'Unauthorized' });
    sign(claims, `${listener.url}/${claims.org_id}`, keys).then(
      (token) => answer(response, 200, { oidcToken: issueSecret('OIDC token', token) }),
      () => response.destroy(),
    );
  });
  return {
    issuer: (organizationId) => `${listener.url}/${organizationId}`,
    environment: {
      SYSTEM_ACCESSTOKEN: accessToken,
      SYSTEM_OIDCREQUESTURI: `${listener.url}/oidctoken`,
    },
    claims,
    [Symbol.asyncDispose]: async () => await listener.close(),
  };
}

function isTokenRequest({ method }: IncomingMessage, url: URL): boolean {
  return (
    method === 'POST' &&
    url.pathname === '/oidctoken' &&
    url.searchParams.get('api-version') === '7.1'
  );
}

async function sign(claims: AzureDevopsClaims, issuer: string, keys: IssuerKeys): Promise<string> {
  return new SignJWT({ ...claims })
    .setProtectedHeader({ alg: 'RS256', kid: String(keys.jwk.kid), typ: 'JWT' })
    .setJti(randomUUID())
    .setIssuer(issuer)
    .setAudience(claims.aud ?? azureDevopsAudience)
    .setIssuedAt()
    .setNotBefore('-10m')
    .setExpirationTime('10m')
    .sign(keys.privateKey);
}

function answer(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { 'content-type': 'application/json; charset=utf-8' });
  response.end(JSON.stringify(body));
}
