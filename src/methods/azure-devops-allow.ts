import { type AllowEntry, type Claims, type ClaimRules, ruleLines } from './claims.ts';

/** The claims that allow rules match, and the organization (Teleport, lib/join/azuredevops/azuredevops.go). */
export const azureDevopsClaims: ClaimRules = {
  names: ['sub', 'org_id', 'prj_id', 'def_id', 'rpo_uri', 'rpo_ver', 'rpo_ref'],
  allowEntry,
};

/**
 * Returns the entry for `spec.azure_devops.allow` that matches the job with these claims and as few
 * others as rules permit. Teleport compares all values exactly.
 */
function allowEntry(claims: Claims): AllowEntry {
  const pipeline = pipelineIn(claims['sub']);
  const ref = claims['rpo_ref'];
  // In a rule, an empty value matches anything.
  if (!pipeline || !ref)
    return {
      kind: 'none',
      why: 'The OIDC token has no `rpo_ref` claim, or its `sub` claim does not name a pipeline, so no allow rule can match only this job.',
    };
  if (ref.startsWith('refs/pull/'))
    return {
      kind: 'none',
      why: 'An allow rule for a pull request would let unreviewed code join. Join in a job that runs on the target branch, after the merge.',
    };
  const lines = ruleLines({ ...pipeline, repository_ref: ref });
  return { kind: 'entry', lines, notes: [] };
}

interface Pipeline {
  readonly project_name: string;
  readonly pipeline_name: string;
}

/** Returns the names in a subject `p://ORGANIZATION/PROJECT/PIPELINE`. */
function pipelineIn(subject: string | undefined): Pipeline | undefined {
  const [, project, pipeline] = /^p:\/\/[^/]+\/([^/?#]+)\/([^/?#]+)$/.exec(subject ?? '') ?? [];
  if (project === undefined || pipeline === undefined) return undefined;
  try {
    return {
      project_name: decodeURIComponent(project),
      pipeline_name: decodeURIComponent(pipeline),
    };
  } catch {
    return undefined;
  }
}
