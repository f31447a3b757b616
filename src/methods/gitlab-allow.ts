import { yamlScalar } from '../yaml/scalar.ts';
import { type ClaimTable, unreviewed } from './claim-table.ts';

/**
 * The fields of allow rules (lib/join/gitlab/gitlab.go) except IDs and the email address, and the issuer,
 * which is the `domain` of the join token. The pipeline source distinguishes a branch from a branch of the
 * same name in a fork, whose pipeline for a merge request can run in this project.
 */
export const gitlabTable: ClaimTable = {
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
  fields: {
    project_path: {
      claim: 'project_path',
      pattern: true,
      placeholder: 'GROUP/PROJECT',
      keptIfKnown: true,
    },
    ref: { claim: 'ref', pattern: true, placeholder: 'BRANCH' },
    ref_type: { claim: 'ref_type', optional: true, placeholder: 'branch' },
    pipeline_source: { claim: 'pipeline_source', placeholder: 'push' },
    environment: { claim: 'environment', optional: true },
  },
  untrusted: ({ pipeline_source: source }) =>
    source === 'merge_request_event' || source === 'external_pull_request_event'
      ? unreviewed('merge request')
      : undefined,
  notes: ({ ref_protected: isProtected, pipeline_source: source }) => [
    ...(isProtected === 'true'
      ? []
      : [
          'The branch or tag is not protected, so every Developer of the project can change what this job runs.',
        ]),
    ...(source === 'parent_pipeline'
      ? [
          'A pipeline for a merge request can also start child pipelines. Where possible, join in the parent pipeline.',
        ]
      : []),
  ],
  // The issuer is gitlab.com by default (lib/join/gitlab/token_validator.go).
  head: ({ iss: issuer }) => {
    const domain = issuer?.replace(/^https?:\/\//, '');
    return domain === undefined || domain === 'gitlab.com' ? [] : [`domain: ${yamlScalar(domain)}`];
  },
};
