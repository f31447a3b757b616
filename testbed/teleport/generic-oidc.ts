import { Denial } from './denial.ts';
import { verifyIdToken } from './github.ts';
import type { GenericOidcRules } from './resources.ts';

/** Verifies an OIDC token and its claims. Throws a Denial. Source: `lib/join/genericoidc/field_rules.go`. */
export async function verifyGenericOidc(
  idToken: string,
  { issuer, audience, must_match_fields: fields }: GenericOidcRules,
  now: Date,
): Promise<void> {
  const claims = await verifyIdToken(idToken, issuer, now, audience);
  for (const [name, expected] of Object.entries(fields)) {
    const value = claims[name];
    if (value === undefined) throw new Denial(`claims missing expected key: ${name}`);
    if (value !== expected)
      throw new Denial(
        `incorrect value in claim: ${name} must be ${JSON.stringify(expected)} but got ${JSON.stringify(value).replaceAll('"', '')}`,
      );
  }
}
