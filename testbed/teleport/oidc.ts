import { createLocalJWKSet, decodeJwt, errors, type JWTPayload, jwtVerify } from 'jose';
import { Denial } from './denial.ts';
import { publishedKeys } from './github.ts';

/** What a join token requires of every OIDC token. */
export interface Expected {
  readonly issuer: string;
  readonly audience: string;
  readonly now: Date;
}

/**
 * Verifies an OIDC token with the issuer's published keys and returns its claims. Throws a Denial in the
 * words and the order of Teleport's library. Source: lib/oidc/token_validator.go, and pkg/oidc/verifier.go
 * of zitadel/oidc.
 */
export async function verifyOidc(idToken: string, expected: Expected): Promise<JWTPayload> {
  const { issuer, audience, now } = expected;
  const keys = createLocalJWKSet(await publishedKeys(issuer));
  const claims = decoded(idToken);
  if (claims.iss !== issuer)
    throw refused(`issuer does not match: Expected: ${issuer}, got: ${claims.iss}`);
  if (![claims.aud].flat().includes(audience))
    throw refused(`audience is not valid: Audience must contain client_id "${audience}"`);
  try {
    return (await jwtVerify(idToken, keys, { currentDate: now, clockTolerance: 1 })).payload;
  } catch (error) {
    if (error instanceof errors.JWTExpired) throw refused('token has expired');
    if (error instanceof errors.JOSEError) throw refused('invalid signature');
    throw error;
  }
}

function decoded(idToken: string): JWTPayload {
  try {
    return decodeJwt(idToken);
  } catch {
    throw refused('parsing of request failed');
  }
}

function refused(why: string): Denial {
  return new Denial(`verifying token\n\t${why}`);
}

/** Returns whether a value is in a rule's field: an absent or empty field matches anything. */
export function isIn(field: string | undefined, value: unknown): boolean {
  return field === undefined || field === '' || field === value;
}
