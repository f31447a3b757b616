import { yamlScalar } from '../yaml/scalar.ts';
import type { Claims } from './claims.ts';
import { type ClaimTable, unreviewed } from './claim-table.ts';

/**
 * The claims that allow rules match, and the organization (lib/join/azuredevops/azuredevops.go). Pipelines
 * in different folders can have the same name, so the rule contains the ID of the definition, too.
 */
export const azureDevopsTable: ClaimTable = {
  names: ['sub', 'org_id', 'prj_id', 'def_id', 'rpo_uri', 'rpo_ver', 'rpo_ref'],
  fields: {
    project_name: { claim: 'project_name', placeholder: 'PROJECT' },
    pipeline_name: { claim: 'pipeline_name', placeholder: 'PIPELINE' },
    definition_id: { claim: 'def_id', optional: true },
    repository_ref: { claim: 'rpo_ref', placeholder: 'REF' },
  },
  derived: ({ sub }) => pipelineIn(sub),
  untrusted: ({ rpo_ref: ref }) =>
    ref?.startsWith('refs/pull/') ? unreviewed('pull request') : undefined,
  head: ({ org_id: id }) => [
    `organization_id: ${id === undefined ? 'ORGANIZATION_ID' : yamlScalar(id)}`,
  ],
};

/** Returns the names in a subject `p://ORGANIZATION/PROJECT/PIPELINE`; none if it has another form. */
function pipelineIn(subject: string | undefined): Claims {
  const [, project, pipeline] = /^p:\/\/[^/]+\/([^/?#]+)\/([^/?#]+)$/.exec(subject ?? '') ?? [];
  if (project === undefined || pipeline === undefined) return {};
  try {
    return {
      project_name: decodeURIComponent(project),
      pipeline_name: decodeURIComponent(pipeline),
    };
  } catch {
    return {};
  }
}
