import { type AllowEntry, isPattern, ruleLines } from './claims.ts';

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
  return {
    kind: 'entry',
    lines: ruleLines(rule),
    notes: notesFor(claims),
  };
}

function reasonForNone({
  repository,
  ref,
  workflow,
  environment,
}: GithubClaims): string | undefined {
  // In a rule, an empty value matches anything.
  if (!repository || !ref)
    return 'The OIDC token has no `repository` or no `ref` claim, so no allow rule can match only this job.';
  if (ref.startsWith('refs/pull/'))
    return 'An allow rule for a pull request would let unreviewed code join. Join in a job that runs on the target branch, after the merge.';
  if (ref.startsWith('refs/heads/gh-readonly-queue/'))
    return 'A merge queue uses each branch only once, so an allow rule for it would never match again. Join in a job that runs on the target branch, after the merge.';
  if ([repository, ref, workflow, environment].some(isPattern))
    return 'A claim contains `*` or `?`, which are wildcards in allow rules, so no allow rule can match only this job. Rename the branch, workflow or environment.';
  return undefined;
}

function notesFor(claims: GithubClaims): readonly string[] {
  if (!hasImmutableSubject(claims)) return [];
  return [
    'The `sub` claim of this repository contains IDs, so rules for `sub` in the old format do not match it; the rule below uses `repository` instead.',
  ];
}

/** The form `repo:org@ID/repo@ID:...` of repositories created, renamed or moved since 2026-07-15. */
function hasImmutableSubject({ sub }: GithubClaims): boolean {
  return sub !== undefined && /^repo:[^/:]+@\d+\/[^/:]+@\d+:/.test(sub);
}
