import { yamlScalar } from '../yaml/scalar.ts';

/** The claims of an OIDC token that allow rules can match. Empty claims are absent. */
export type Claims = Readonly<Record<string, string>>;

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
  readonly names: readonly string[];
  readonly allowEntry: (claims: Claims) => AllowEntry;
}

/** Returns the list item of a rule, without absent claims. */
export function ruleLines(rule: Readonly<Record<string, string | undefined>>): readonly string[] {
  return Object.entries(rule)
    .flatMap(([key, value]) => (value ? [`${key}: ${yamlScalar(value)}`] : []))
    .map((line, index) => (index === 0 ? `- ${line}` : `  ${line}`));
}

/** Returns the claims with these names as lines `name: "value"`, without absent ones. */
export function claimLines(claims: Claims, names: readonly string[]): readonly string[] {
  return names.flatMap((name) => {
    const value = claims[name];
    return value ? [`${name}: ${yamlScalar(value)}`] : [];
  });
}

/** Whether a rule would read the value as a pattern: rules have no escape for `*` and `?`. */
export function isPattern(value: string | undefined): boolean {
  return value !== undefined && /[*?]/.test(value);
}
