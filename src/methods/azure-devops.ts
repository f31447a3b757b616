import { yamlScalar } from '../yaml/scalar.ts';
import { azureDevopsClaims } from './azure-devops-allow.ts';
import type { Evidence } from './evidence.ts';
import { type FailureKind, type Method, requires } from './method.ts';

/** The access token of the job, and the endpoint for OIDC tokens (Teleport, lib/join/azuredevops/token_source.go). */
export const accessToken = 'SYSTEM_ACCESSTOKEN';
export const requestUri = 'SYSTEM_OIDCREQUESTURI';

export const azureDevops: Method = {
  since: { since: ['17.5.1'] },
  identifiedBy: 'claims',
  ruleSubject: "this job's project, pipeline and ref",
  variables: () => requires(accessToken, requestUri),
  claims: azureDevopsClaims,
  needsEvidence: ({ code }: FailureKind) => code === 'claims-denied' || code === 'token-unknown',
  tokenRules: ({ idToken }) => [
    `organization_id: ${organizationIn(idToken) ?? 'ORGANIZATION_ID'}`,
    'allow:',
    ...entryLines(idToken).map((line) => `  ${line}`),
  ],
  issuerFix: (edit) =>
    `Run ${edit} and set \`organization_id\` in \`spec.azure_devops\` to the ID of the organization, which \`$(System.CollectionId)\` contains.`,
};

function organizationIn(idToken: Evidence['idToken']): string | undefined {
  const id = idToken?.kind === 'claims' ? idToken.claims['org_id'] : undefined;
  return id === undefined ? undefined : yamlScalar(id);
}

/** Returns the allow entry for this job, or placeholders in capitals, which match nothing. */
function entryLines(idToken: Evidence['idToken']): readonly string[] {
  const entry = azureDevopsClaims.allowEntry(idToken?.kind === 'claims' ? idToken.claims : {});
  if (entry.kind === 'entry') return entry.lines;
  return ['- project_name: PROJECT', '  pipeline_name: PIPELINE', '  repository_ref: REF'];
}
