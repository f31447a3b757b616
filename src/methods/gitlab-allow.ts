import { type AllowEntry, type Claims, type ClaimRules, isPattern, ruleLines } from './claims.ts';

/**
 * The fields of allow rules (lib/join/gitlab/gitlab.go) except IDs and the email address, and the issuer,
 * which is the `domain` of the join token.
 */
export const gitlabClaims: ClaimRules = {
  names: [
    'iss',
    'sub',
    'project_path',
    'namespace_path',
    'ref',
    'ref_type',
    'ref_protected',
    'pipeline_source',
    'environment',
    'environment_protected',
    'user_login',
  ],
  allowEntry,
};

/**
 * Returns the entry for `spec.gitlab.allow` that matches the job with these claims and as few others as
 * rules permit. The pipeline source distinguishes a branch from a branch of the same name in a fork, whose
 * pipeline for a merge request can run in this project. Rules for the project and the ref are patterns.
 */
function allowEntry(claims: Claims): AllowEntry {
  const { project_path, ref, ref_type, pipeline_source, environment } = claims;
  const why = reasonForNone(claims);
  if (why !== undefined) return { kind: 'none', why };
  return {
    kind: 'entry',
    lines: ruleLines({ project_path, ref, ref_type, pipeline_source, environment }),
    notes:
      claims['ref_protected'] === 'true'
        ? []
        : [
            'The branch or tag is not protected, so every Developer of the project can change what this job runs.',
          ],
  };
}

function reasonForNone(claims: Claims): string | undefined {
  const { project_path: project, ref, pipeline_source: source } = claims;
  // In a rule, an empty value matches anything.
  if (!project || !ref)
    return 'The OIDC token has no `project_path` or no `ref` claim, so no allow rule can match only this job.';
  if (source === 'merge_request_event' || source === 'external_pull_request_event')
    return 'An allow rule for a merge request would let unreviewed code join. Join in a job that runs on the target branch, after the merge.';
  if (isPattern(project) || isPattern(ref))
    return 'A claim contains `*` or `?`, which are wildcards in allow rules, so no allow rule can match only this job. Rename the branch or tag.';
  return undefined;
}
