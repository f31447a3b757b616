import { azureDevopsAudience } from '../azure-devops.ts';
import { Denial } from './denial.ts';
import { isIn, verifyOidc } from './oidc.ts';
import type { AzureDevopsRule } from './resources.ts';

/** Source: lib/join/azuredevops/azuredevops.go. */
const mismatch = 'id token claims failed to match any allow rules';

/** What a join token requires of the OIDC token of a pipeline. */
interface Requirements {
  readonly organizationId: string;
  readonly allow: readonly AzureDevopsRule[];
  /** Returns the issuer of an organization. */
  readonly issuer: (organizationId: string) => string;
  readonly now: Date;
}

/** Verifies an OIDC token as lib/join/azuredevops/token_validator.go does. Throws a Denial. */
export async function verifyPipeline(
  idToken: string,
  { organizationId, allow, issuer, now }: Requirements,
): Promise<void> {
  const claims = await verifyOidc(idToken, {
    issuer: issuer(organizationId),
    audience: azureDevopsAudience,
    now,
  });
  const [, project, pipeline] = /^p:\/\/[^/]+\/([^/]+)\/([^/]+)$/.exec(String(claims.sub)) ?? [];
  if (project === undefined || pipeline === undefined)
    throw new Denial(`id token is not of pipeline kind (sub: "${claims.sub}")`);
  if (claims['org_id'] !== organizationId)
    throw new Denial(
      `organization ID in token (${String(claims['org_id'])}) does not match configured (${organizationId})`,
    );
  const values: Readonly<Record<keyof AzureDevopsRule, unknown>> = {
    sub: claims.sub,
    project_name: decodeURIComponent(project),
    pipeline_name: decodeURIComponent(pipeline),
    project_id: claims['prj_id'],
    definition_id: claims['def_id'],
    repository_uri: claims['rpo_uri'],
    repository_version: claims['rpo_ver'],
    repository_ref: claims['rpo_ref'],
  };
  const matches = (rule: AzureDevopsRule): boolean =>
    Object.entries(values).every(([key, value]) =>
      isIn(new Map(Object.entries(rule)).get(key), value),
    );
  if (!allow.some(matches)) throw new Denial(mismatch);
}
