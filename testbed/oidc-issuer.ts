import { randomUUID } from 'node:crypto';
import { type JWTPayload, SignJWT } from 'jose';
import { issuerKeys } from './github/token.ts';
import { issueSecret } from './issued.ts';
import { listenHttp } from './loopback.ts';

/** The validity of a token. */
interface Signing {
  /** `iss`, a URL of the issuer. */
  readonly issuer: string;
  readonly audience: string | readonly string[];
}

/** An issuer of OIDC tokens on loopback, which plays GitLab, CircleCI and any other issuer. */
export interface OidcIssuer extends AsyncDisposable {
  readonly url: string;
  /** Signs a token that is valid for ten minutes. */
  readonly sign: (claims: JWTPayload, signing: Signing) => Promise<string>;
}

/** Starts an issuer that signs with a new RS256 key. Every path of its URL is an issuer. */
export async function startOidcIssuer(): Promise<OidcIssuer> {
  const keys = await issuerKeys();
  const listener = await listenHttp((request, response) => {
    const [, issuer, document] =
      /^(.*)\/\.well-known\/(openid-configuration|jwks)$/.exec(request.url ?? '') ?? [];
    const url = `${listener.url}${issuer ?? ''}`;
    const bodies = {
      'openid-configuration': { issuer: url, jwks_uri: `${url}/.well-known/jwks` },
      jwks: { keys: [keys.jwk] },
    };
    const body = document === 'jwks' || document === 'openid-configuration' ? document : undefined;
    response.writeHead(body ? 200 : 404, { 'content-type': 'application/json' });
    response.end(JSON.stringify(body ? bodies[body] : { message: 'Not Found' }));
  });
  return {
    url: listener.url,
    sign: async (claims, { issuer, audience }) => {
      const token = await new SignJWT(claims)
        .setProtectedHeader({ alg: 'RS256', kid: String(keys.jwk.kid), typ: 'JWT' })
        .setJti(randomUUID())
        .setIssuer(issuer)
        .setAudience(typeof audience === 'string' ? audience : [...audience])
        .setIssuedAt()
        .setNotBefore('-5s')
        .setExpirationTime('10m')
        .sign(keys.privateKey);
      return issueSecret('OIDC token', token);
    },
    [Symbol.asyncDispose]: async () => await listener.close(),
  };
}
