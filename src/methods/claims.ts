import { yamlScalar } from '../yaml/scalar.ts';

/**
 * The claims of an OIDC token, by name. Empty claims are absent. The items of a list are joined by commas,
 * and the name of a nested claim contains dots.
 */
export type Claims = Readonly<Record<string, string>>;

/** Names of claims. `all`: every claim except times, IDs of the token and email addresses. */
export type ClaimNames = readonly string[] | 'all';

/** The `allow` entry that matches exactly one job, or the reason why there is none. */
export type AllowEntry =
  | {
      readonly kind: 'entry';
      /** A list item, YAML lines, not indented. */
      readonly lines: readonly string[];
      /** What the user should know before using it. */
      readonly notes: readonly string[];
    }
  | { readonly kind: 'none'; readonly why: string };

/** How allow rules match the claims of a join method. */
export interface ClaimRules {
  /** The claims that rules can match. */
  readonly names: ClaimNames;
  /** The key of the rules below `spec.<method>`. Default: `allow`. */
  readonly list?: string;
  readonly allowEntry: (claims: Claims) => AllowEntry;
  /** Returns the method's part of a join token, YAML lines below `spec.<method>`, not indented. */
  readonly tokenRules?: (claims: Claims) => readonly string[];
}

/** Returns the list item of a rule, without absent claims. */
export function ruleLines(rule: Readonly<Record<string, string | undefined>>): readonly string[] {
  return Object.entries(rule)
    .flatMap(([key, value]) => (value ? [`${key}: ${yamlScalar(value)}`] : []))
    .map((line, index) => (index === 0 ? `- ${line}` : `  ${line}`));
}

/** Returns the claims with these names as lines `name: "value"`, without absent ones. */
export function claimLines(claims: Claims, names: ClaimNames): readonly string[] {
  return (names === 'all' ? Object.keys(claims) : names).flatMap((name) => {
    const value = claims[name];
    return value ? [`${printableName(name)}: ${yamlScalar(value)}`] : [];
  });
}

/** Quotes a name that is more than letters, digits and the separators that issuers use. */
function printableName(name: string): string {
  return /^[\w./:-]+$/.test(name) ? name : yamlScalar(name);
}

/** Whether a rule would read the value as a pattern: rules have no escape for `*` and `?`. */
export function isPattern(value: string | undefined): boolean {
  return value !== undefined && /[*?]/.test(value);
}
