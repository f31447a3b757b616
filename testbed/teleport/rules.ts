import type { AzureRule, GithubRule } from './resources.ts';

/** Compares values: literally up to 17, with the wildcards `*` and `?` from 18 on. */
export type Matching = 'exact' | 'glob';

const fields = [
  'sub',
  'repository',
  'repository_owner',
  'workflow',
  'environment',
  'actor',
  'ref',
  'ref_type',
] as const;

/** Returns whether a rule matches the claims in all its fields. Empty fields are ignored. */
export function githubAllowed(
  rules: readonly GithubRule[],
  claims: Readonly<Record<string, unknown>>,
  matching: Matching,
): boolean {
  return rules.some((rule) =>
    fields.every((field) => matches(rule[field], claims[field], field, matching)),
  );
}

function matches(
  pattern: string | undefined,
  claim: unknown,
  field: (typeof fields)[number],
  matching: Matching,
): boolean {
  if (pattern === undefined || pattern === '') return true;
  const value = typeof claim === 'string' ? claim : '';
  // ref_type is the only field without wildcards.
  if (matching === 'exact' || field === 'ref_type') return pattern === value;
  return glob(pattern).test(value);
}

/** Returns a pattern with the wildcards `*` and `?` as a regular expression. */
export function glob(pattern: string): RegExp {
  const escaped = pattern.replaceAll(/[.+^${}()|[\]\\]/g, String.raw`\$&`);
  return new RegExp(`^${escaped.replaceAll('*', '.*').replaceAll('?', '.')}$`, 's');
}

/** The properties of a verified virtual machine that rules can match. */
export interface AzureInstance {
  readonly subscription: string;
  readonly resourceGroup: string;
}

/** Returns whether a rule matches the subscription and, ignoring case, the resource group. */
export function azureAllowed(rules: readonly AzureRule[], instance: AzureInstance): boolean {
  const group = instance.resourceGroup.toLowerCase();
  return rules.some(
    (rule) =>
      rule.subscription === instance.subscription &&
      (rule.resource_groups === undefined ||
        rule.resource_groups.length === 0 ||
        rule.resource_groups.some((name) => name.toLowerCase() === group)),
  );
}
