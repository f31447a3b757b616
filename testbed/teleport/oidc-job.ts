import { verifyPipeline } from './azure-devops.ts';
import { verifyCircleciJob } from './circleci.ts';
import { Denial } from './denial.ts';
import { verifyGenericOidc } from './generic-oidc.ts';
import { verifyGitlabJob } from './gitlab.ts';
import type { JoinToken } from './resources.ts';

/** The issuers of OIDC tokens of the CI systems, whose URLs Teleport derives from the join token. */
export interface OidcIssuers {
  /** Returns the issuer of a GitLab instance. In Teleport: `https://DOMAIN`. */
  readonly gitlab?: (domain: string) => string;
  /** Returns the issuer of an organization. In Teleport: `https://oidc.circleci.com/org/ID`. */
  readonly circleci?: (organizationId: string) => string;
  /** Returns the issuer of an organization. In Teleport: `https://vstoken.dev.azure.com/ID`. */
  readonly azureDevops?: (organizationId: string) => string;
}

/** A join token for OIDC tokens of a CI system. */
export type OidcToken = Exclude<JoinToken, { readonly joinMethod: 'github' | 'azure' }>;

interface Policy {
  readonly clusterName: string;
  readonly issuers?: OidcIssuers;
  readonly now: () => Date;
}

/** Verifies the OIDC token of a job: signature, issuer, audience, expiry and claims. Throws a Denial. */
export async function verifyOidcJob(
  idToken: string,
  token: OidcToken,
  { clusterName, issuers = {}, now: clock }: Policy,
): Promise<void> {
  const now = clock();
  switch (token.joinMethod) {
    case 'gitlab': {
      const issuer = known(issuers.gitlab)(token.domain ?? 'gitlab.com');
      return verifyGitlabJob(idToken, token.allow, { issuer, audience: clusterName, now });
    }
    case 'circleci': {
      const { organizationId: audience, allow } = token;
      const issuer = known(issuers.circleci)(audience);
      return verifyCircleciJob(idToken, allow, { issuer, audience, now });
    }
    case 'azure_devops': {
      const { organizationId, allow } = token;
      const issuer = known(issuers.azureDevops);
      return verifyPipeline(idToken, { organizationId, allow, issuer, now });
    }
    case 'generic_oidc':
      return verifyGenericOidc(idToken, token, now);
    default:
      return token satisfies never;
  }
}

function known<Issuer>(issuer: Issuer | undefined): Issuer {
  if (issuer === undefined) throw new Denial('the testbed has no such issuer');
  return issuer;
}
