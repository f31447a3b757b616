import type { JWTPayload } from 'jose';
import { Denial } from './denial.ts';
import { verifyOidc } from './oidc.ts';
import type { GenericOidcRule, GenericOidcRules } from './resources.ts';

/** Verifies an OIDC token and its claims. Throws a Denial. Source: `lib/join/genericoidc/validator.go`. */
export async function verifyGenericOidc(
  idToken: string,
  { issuer, audience, must_match_fields: fields = {}, allow_any: rules = [] }: GenericOidcRules,
  now: Date,
): Promise<void> {
  const claims = await verifyOidc(idToken, { issuer, audience, now });
  if (rules.length === 0 && Object.keys(fields).length === 0)
    throw denied('generic OIDC token has no rules configured');
  checkFields(fields, claims);
  if (rules.length > 0 && !rules.some((rule) => matches(rule, claims)))
    throw denied('validating allow rules\n\tclaims matched no allow_any rules');
}

/** Source: `lib/join/genericoidc/field_rules.go`, without nested claims. */
function checkFields(fields: Readonly<Record<string, string>>, claims: JWTPayload): void {
  for (const [name, expected] of Object.entries(fields)) {
    const value = claims[name];
    if (value === undefined)
      throw denied(`validating field rules\n\tclaims missing expected key: ${name}`);
    if (value !== expected)
      throw denied(
        `validating field rules\n\tincorrect value in claim: ${name} must be ${JSON.stringify(expected)} but got ${JSON.stringify(value).replaceAll('"', '')}`,
      );
  }
}

/** Source: `lib/join/genericoidc/conditions.go`, only for texts and the operator `eq`. */
function matches({ conditions }: GenericOidcRule, claims: JWTPayload): boolean {
  return conditions.every(({ attribute, eq }) => {
    const value = attribute
      .split('.')
      .reduce<unknown>((at, key) => new Map(Object.entries(Object(at))).get(key), claims);
    return value === eq.value;
  });
}

function denied(why: string): Denial {
  return new Denial(`validating generic_oidc rules\n\t${why}`);
}
