import { createLocalJWKSet, errors, type JSONWebKeySet, type JWTPayload, jwtVerify } from 'jose';
import { Denial } from './denial.ts';

// The audience that tbot requests and the cluster requires. Source: lib/githubactions/token_source.go.
const githubAudience = 'teleport.cluster.local';

/** Verifies an OIDC token with the issuer's published keys at the time `now` and returns its claims. */
export async function verifyIdToken(
  idToken: string,
  issuer: string,
  now: Date,
): Promise<JWTPayload> {
  const keys = await publishedKeys(issuer);
  try {
    const { payload } = await jwtVerify(idToken, createLocalJWKSet(keys), {
      issuer,
      audience: githubAudience,
      currentDate: now,
      requiredClaims: ['exp', 'iat'],
    });
    return payload;
  } catch (error) {
    throw new Denial(refusal(error), { cause: error });
  }
}

/** Returns the keys that an issuer publishes. */
export async function publishedKeys(issuer: string): Promise<JSONWebKeySet> {
  const { jwks_uri: keys }: { jwks_uri: string } = await fetchJson(
    `${issuer}/.well-known/openid-configuration`,
  );
  return await fetchJson(keys);
}

async function fetchJson(url: string): Promise<ReturnType<typeof JSON.parse>> {
  const response = await fetch(url);
  if (!response.ok) throw new Denial(`fetching ${url}: ${response.status}`);
  return JSON.parse(await response.text());
}

function refusal(error: unknown): string {
  if (error instanceof errors.JWTExpired) {
    const expiry = new Date((error.payload.exp ?? 0) * 1000).toISOString();
    return `oidc: token is expired (Token Expiry: ${expiry})`;
  }
  if (error instanceof errors.JWTClaimValidationFailed) {
    return `oidc: claim ${error.claim} is not accepted: ${error.message}`;
  }
  if (error instanceof errors.JOSEError) return 'failed to verify signature: invalid signature';
  throw error;
}
