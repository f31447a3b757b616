import { yamlScalar } from '../yaml/scalar.ts';
import { type ClaimTable, unreviewed } from './claim-table.ts';

const claim = (name: string): string => `oidc.circleci.com/${name}`;

/** The claims that allow rules match, the organization, and where the code comes from (lib/join/circleci/circleci.go). */
export const circleciTable: ClaimTable = {
  names: [
    'iss',
    'aud',
    'sub',
    ...['project-id', 'context-ids', 'vcs-origin', 'vcs-ref'].map(claim),
  ],
  fields: {
    project_id: { claim: claim('project-id'), placeholder: 'PROJECT-ID' },
    context_id: { claim: 'context_id', optional: true },
  },
  // A rule names one context; the job is in all of them.
  derived: (claims) => {
    const [first = ''] = (claims[claim('context-ids')] ?? '').split(',');
    return { context_id: first };
  },
  // In a build of a pull request from a fork, the ref is that of the pull request.
  untrusted: (claims) =>
    /^refs\/(?:heads\/)?pull\//.test(claims[claim('vcs-ref')] ?? '')
      ? unreviewed('pull request')
      : undefined,
  notes: (claims) => [
    claims['context_id']
      ? 'Rules for `circleci` cannot match a branch: this one lets every job of the project join that uses the context.'
      : 'Rules for `circleci` cannot match a branch: this one lets every job of the project join. To let fewer jobs join, use a context that is restricted to them, and add its ID as `context_id`.',
  ],
  // The audience is the organization by default.
  head: ({ iss: issuer }) => {
    const id = /\/org\/([^/]+)$/.exec(issuer ?? '')?.[1];
    return [`organization_id: ${id === undefined ? 'ORGANIZATION-ID' : yamlScalar(id)}`];
  },
};
