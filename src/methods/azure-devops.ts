import { type Method, needsClaims, requires } from './method.ts';

/** The access token of the job, and the endpoint for OIDC tokens (Teleport, lib/join/azuredevops/token_source.go). */
export const accessToken = 'SYSTEM_ACCESSTOKEN';
export const requestUri = 'SYSTEM_OIDCREQUESTURI';

export const azureDevops: Method = {
  since: { since: ['17.5.1'] },
  identifiedBy: 'claims',
  ruleSubject: "this job's project, pipeline and ref",
  variables: () => requires(accessToken, requestUri),
  needsEvidence: needsClaims,
  issuerFix: (edit) =>
    `Run ${edit} and set \`organization_id\` in \`spec.azure_devops\` to the ID of the organization, which \`$(System.CollectionId)\` contains.`,
};
