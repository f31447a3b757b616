import { Denial } from './denial.ts';
import { type Expected, isIn, verifyOidc } from './oidc.ts';
import type { GitlabRule } from './resources.ts';
import { glob } from './rules.ts';

/** The fields in which `*` and `?` are wildcards. Source: lib/join/gitlab/gitlab.go. */
const patterns: ReadonlySet<string> = new Set(['sub', 'ref', 'namespace_path', 'project_path']);

function globMatches(pattern: string, value: unknown): boolean {
  return glob(pattern).test(typeof value === 'string' ? value : '');
}

/** Verifies the OIDC token of a GitLab job. Throws a Denial. Source: lib/join/gitlab. */
export async function verifyGitlabJob(
  idToken: string,
  allow: readonly GitlabRule[],
  expected: Expected,
): Promise<void> {
  const claims = await verifyOidc(idToken, expected);
  const matches = (rule: GitlabRule): boolean =>
    Object.entries(rule).every(([field, value]) =>
      patterns.has(field) && value !== ''
        ? globMatches(value, claims[field])
        : isIn(value, claims[field]),
    );
  if (!allow.some(matches)) throw new Denial('id token claims did not match any allow rules');
}
