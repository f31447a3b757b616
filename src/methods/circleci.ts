import { always } from '../versions/releases.ts';
import { type Method, needsClaims, requires } from './method.ts';

/** Joins with the OIDC token of a CircleCI job. */
export const circleci: Method = {
  since: always,
  identifiedBy: 'claims',
  ruleSubject: "this job's project and contexts",
  variables: () => requires('CIRCLE_OIDC_TOKEN'),
  needsEvidence: needsClaims,
  audience: 'the ID of the organization, as in `CIRCLE_OIDC_TOKEN` by default',
  issuerFix: (edit) =>
    `Run ${edit} and set \`organization_id\` in \`spec.circleci\` to the ID of the organization, which the settings of the organization show.`,
};
