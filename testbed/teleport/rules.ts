import type { AzureRule, GithubRule } from './resources.ts';

/** How rules compare: whole values up to 17, with `*` and `?` as wildcards in 18. */
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

/** Whether some rule agrees with the claims in every field it names; an empty field names nothing. */
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
  // ref_type is the one field that never takes wildcards.
  if (matching === 'exact' || field === 'ref_type') return pattern === value;
  return glob(pattern).test(value);
}

function glob(pattern: string): RegExp {
  const escaped = pattern.replaceAll(/[.+^${}()|[\]\\]/g, String.raw`\$&`);
  return new RegExp(`^${escaped.replaceAll('*', '.*').replaceAll('?', '.')}$`, 's');
}

/** A virtual machine that was proved, as far as rules look at it. */
export interface AzureInstance {
  readonly subscription: string;
  readonly resourceGroup: string;
}

/** Whether some rule names the machine's subscription and, in any case of letters, its resource group. */
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
