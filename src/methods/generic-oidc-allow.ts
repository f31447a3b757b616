import { yamlScalar } from '../yaml/scalar.ts';
import { type ClaimTable, unreviewed } from './claim-table.ts';

/**
 * Rules can match any claim (lib/join/genericoidc). `sub` identifies the job at most issuers; the other
 * claims are those of issuers that put the repository and the ref into claims of their own.
 */
export const genericOidcTable: ClaimTable = {
  names: 'all',
  list: 'allow_any',
  fields: {
    sub: { claim: 'sub', placeholder: 'SUBJECT-OF-THE-JOB' },
    repository: { claim: 'repository', optional: true },
    ref: { claim: 'ref', optional: true },
    workflow: { claim: 'workflow', optional: true },
    environment: { claim: 'environment', optional: true },
  },
  untrusted: ({ sub = '', ref = '', event_name: event = '' }) =>
    /^refs\/(?:heads\/)?(?:pull|merge-requests)\//.test(ref) ||
    /pull_request|merge_request/.test(event) ||
    /:pull_request\b/.test(sub)
      ? unreviewed('pull request')
      : undefined,
  notes: () => [
    'If `sub` changes with every job, replace it by claims that stay the same and belong only to this job.',
  ],
  // lib/join/genericoidc/conditions.go: all conditions of a rule must match, and values are texts.
  format: (rule) =>
    Object.entries(rule).flatMap(([name, value], index) => [
      ...(index === 0 ? ['- conditions:'] : []),
      `    - attribute: ${name}`,
      '      eq:',
      `        value: ${yamlScalar(value)}`,
    ]),
  head: ({ iss: issuer, aud: audience }) => [
    `issuer: ${issuer === undefined ? 'URL-OF-THE-ISSUER' : yamlScalar(issuer)}`,
    `audience: ${audience === undefined ? 'AUDIENCE' : yamlScalar(audience)}`,
  ],
};
