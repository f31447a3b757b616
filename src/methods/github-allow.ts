import { yamlScalar } from '../yaml/scalar.ts';

/** Claims of a job's OIDC token that allow rules can match (`lib/githubactions`). */
export const claimNames = [
  'sub',
  'repository',
  'repository_owner',
  'workflow',
  'environment',
  'actor',
  'ref',
  'ref_type',
] as const;

/** Empty claims are absent. */
export type GithubClaims = { readonly [Name in (typeof claimNames)[number]]?: string };

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

/**
 * Returns the entry for `spec.github.allow` that matches the job with these claims and as few others
 * as rules permit: by repository, ref, workflow, and environment if the job names one. Teleport reads
 * `*` and `?` in rules as patterns (`joinRuleGlobMatch`, lib/auth), so no value that contains one is
 * written.
 */
export function allowEntry(claims: GithubClaims): AllowEntry {
  const { repository, ref } = claims;
  const why = reasonForNone(claims);
  if (why !== undefined) return { kind: 'none', why };
  const rule = { repository, ref, workflow: claims.workflow, environment: claims.environment };
  const keys = Object.entries(rule).flatMap(([key, value]) =>
    value ? [`${key}: ${yamlScalar(value)}`] : [],
  );
  return {
    kind: 'entry',
    lines: keys.map((line, index) => (index === 0 ? `- ${line}` : `  ${line}`)),
    notes: notesFor(claims),
  };
}

/** Whether a rule would read the value as a pattern: rules have no escape for `*` and `?`. */
function isPattern(value: string | undefined): boolean {
  return value !== undefined && /[*?]/.test(value);
}

function reasonForNone({
  repository,
  ref,
  workflow,
  environment,
}: GithubClaims): string | undefined {
  // In a rule, an empty value matches anything.
  if (!repository || !ref)
    return 'The OIDC token has no `repository` or no `ref` claim, so no allow entry can match only this job.';
  if (ref.startsWith('refs/pull/'))
    return 'An allow entry for a pull request would let unreviewed code join. Join on the branch that the pull request is merged to.';
  if (ref.startsWith('refs/heads/gh-readonly-queue/'))
    return 'A merge queue uses each branch only once, so an allow entry for it would never match again. Join on the target branch.';
  if ([repository, ref, workflow, environment].some(isPattern))
    return 'A claim contains `*` or `?`, which are wildcards in allow rules, so no allow entry can match only this job. Rename the branch, workflow or environment.';
  return undefined;
}

function notesFor(claims: GithubClaims): readonly string[] {
  if (!hasImmutableSubject(claims)) return [];
  return [
    'The `sub` claim of this repository contains IDs, so rules for `sub` in the old format do not match it; the entry below uses `repository` instead.',
  ];
}

/** The form `repo:org@ID/repo@ID:...` of repositories created, renamed or moved since 2026-07-15. */
function hasImmutableSubject({ sub }: GithubClaims): boolean {
  return sub !== undefined && /^repo:[^/:]+@\d+\/[^/:]+@\d+:/.test(sub);
}

/** Returns the claims as lines `name: "value"`, without absent ones. */
export function claimLines(claims: GithubClaims): readonly string[] {
  return claimNames.flatMap((name) => {
    const value = claims[name];
    return value ? [`${name}: ${yamlScalar(value)}`] : [];
  });
}
