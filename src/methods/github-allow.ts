import { yamlScalar } from './scalar.ts';

/** Claims of a job's id token that rules of a join token can use (`lib/githubactions`). */
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

/** A claim that the token lacks, or that is empty, is absent. */
export type GithubClaims = { readonly [Name in (typeof claimNames)[number]]?: string };

/** The `allow` entry that lets in exactly one job, or why there is none. */
export type AllowEntry =
  | {
      readonly kind: 'entry';
      /** Lines of YAML, an item of a list, not indented. */
      readonly lines: readonly string[];
      /** What the reader should know before pasting. */
      readonly notes: readonly string[];
    }
  | { readonly kind: 'none'; readonly why: string };

/**
 * The one entry for `spec.github.allow` that lets in the job of these claims and as little else as
 * rules can say: its repository, ref, workflow, and environment when it names one. Teleport reads
 * `*` and `?` in rules as a pattern (`joinRuleGlobMatch`, lib/auth), so a value that holds one is
 * never written.
 */
export function allowEntry(claims: GithubClaims): AllowEntry {
  const { repository, ref } = claims;
  const why = whyNone(claims);
  if (why !== undefined) return { kind: 'none', why };
  const rule = { repository, ref, workflow: claims.workflow, environment: claims.environment };
  const keys = Object.entries(rule).flatMap(([key, value]) =>
    value ? [`${key}: ${yamlScalar(value)}`] : [],
  );
  return {
    kind: 'entry',
    lines: keys.map((line, index) => (index === 0 ? `- ${line}` : `  ${line}`)),
    notes: notesOn(claims),
  };
}

/** Rules understand `*` and `?`; nothing escapes them. */
function isPattern(value: string | undefined): boolean {
  return value !== undefined && /[*?]/.test(value);
}

function whyNone({ repository, ref, workflow, environment }: GithubClaims): string | undefined {
  // An empty value in a rule means any.
  if (!repository || !ref) return 'The id token names no repository or no ref.';
  if (ref.startsWith('refs/pull/'))
    return 'A pull request gets no entry: its code is not reviewed yet, and whoever opens one would be let in. Join on the branch it is merged to.';
  if (ref.startsWith('refs/heads/gh-readonly-queue/'))
    return 'The branch of a merge queue exists only once, so no entry would ever match again.';
  if ([repository, ref, workflow, environment].some(isPattern))
    return 'A value holds `*` or `?`, which a rule reads as a pattern; rename it to be able to allow exactly it.';
  return undefined;
}

function notesOn(claims: GithubClaims): readonly string[] {
  if (!hasImmutableSubject(claims)) return [];
  return [
    'The `sub` of this repository carries ids, so a rule on `sub` in the old form does not match it; the entry uses `repository` instead.',
  ];
}

/** `repo:org@ID/repo@ID:...`, for repositories made, renamed or moved since 2026-07-15. */
function hasImmutableSubject({ sub }: GithubClaims): boolean {
  return sub !== undefined && /^repo:[^/:]+@\d+\/[^/:]+@\d+:/.test(sub);
}

/** The claims as lines `name: "value"`, absent ones left out. */
export function claimLines(claims: GithubClaims): readonly string[] {
  return claimNames.flatMap((name) => {
    const value = claims[name];
    return value ? [`${name}: ${yamlScalar(value)}`] : [];
  });
}
