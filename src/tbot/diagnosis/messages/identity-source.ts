import type { IdTokenAnswer } from '../../../methods/evidence.ts';
import { noIdToken } from '../../../methods/github.ts';
import { parametersOf } from '../../../methods/join-identity.ts';
import type { MessageFacts, CauseOf, Text } from './message.ts';

type SourceCode =
  | 'no-identity'
  | 'no-id-token'
  | 'id-token-refused'
  | 'no-imds'
  | 'imds-no-identity'
  | 'imds-several-identities'
  | 'imds-throttled'
  | 'azure-egress';

/** The job could not get its OIDC token, or the identity of its machine. */
export function identitySourceMessage(
  cause: CauseOf<SourceCode>,
  { context, evidence }: MessageFacts,
): Text {
  switch (cause.code) {
    case 'no-identity':
      return {
        what: `Join method \`${context.identity.method}\` requires ${cause.variable}, but it is not set.`,
        fix: 'Set it in the `env:` of the step, or choose another `join-method`.',
      };
    case 'no-id-token': {
      const { message, fix, notes, paste } = noIdToken(context.job);
      return { what: message, fix, notes, ...(paste === undefined ? {} : { paste }) };
    }
    case 'id-token-refused':
      return noOidcToken(evidence.idToken);
    case 'no-imds':
      return noImds;
    case 'imds-no-identity':
      return noManagedIdentity('client_id' in parametersOf(context.identity));
    case 'imds-several-identities':
      return severalIdentities;
    case 'imds-throttled':
      return throttled;
    case 'azure-egress':
      return noIssuerCertificate;
    default:
      return cause satisfies never;
  }
}

const runAgain = 'Run the job again; see https://www.githubstatus.com for outages.';

function noOidcToken(answer: IdTokenAnswer | undefined): Text {
  switch (answer?.kind) {
    case 'status':
      return noOidcTokenWithStatus(answer.status);
    case 'not-github':
      return {
        what: 'The response to the request for an OIDC token is not from GitHub.',
        fix: 'Check that no proxy responds in place of the host in ACTIONS_ID_TOKEN_REQUEST_URL.',
      };
    case 'unreachable':
      return {
        what: "GitHub's endpoint for OIDC tokens cannot be reached.",
        fix: 'Allow the runner to reach the host in ACTIONS_ID_TOKEN_REQUEST_URL (`*.actions.githubusercontent.com` for github.com), and run the job again.',
      };
    case 'claims':
      return {
        what: 'GitHub did not issue an OIDC token to tbot, but the next request succeeded.',
        fix: runAgain,
      };
    case 'no-token':
    case 'no-endpoint':
    case undefined:
      return { what: "GitHub's response does not contain an OIDC token.", fix: runAgain };
    default:
      return answer satisfies never;
  }
}

function noOidcTokenWithStatus(status: number): Text {
  if (status === 401 || status === 403)
    return {
      what: `GitHub refused to issue an OIDC token to this job (HTTP ${status}).`,
      fix: 'Run the job again. Do not pass ACTIONS_ID_TOKEN_REQUEST_URL and ACTIONS_ID_TOKEN_REQUEST_TOKEN from one job to another: they are valid only in their own job.',
    };
  return { what: `GitHub's endpoint for OIDC tokens returned HTTP ${status}.`, fix: runAgain };
}

const noImds: Text = {
  what: "Azure's instance metadata service (169.254.169.254) did not respond: this is not an Azure VM, or the job cannot reach the service.",
  fix: 'Run the job on an Azure VM with a managed identity, and allow its container and firewall to reach 169.254.169.254; or join with `github` and `permissions: id-token: write`.',
};

function noManagedIdentity(isNamed: boolean): Text {
  if (isNamed)
    return {
      what: 'The managed identity in `azure-client-id` is not assigned to this VM.',
      fix: 'Assign it with `az vm identity assign --resource-group GROUP --name VM --identities IDENTITY`, or correct `azure-client-id`.',
    };
  return {
    what: 'This VM has no managed identity to join with.',
    fix: 'Assign one with `az vm identity assign --resource-group GROUP --name VM`, or set `azure-client-id` to the client ID of a user-assigned identity.',
    notes: [
      'GitHub-hosted runners are Azure VMs without a managed identity: join with `github` there.',
    ],
  };
}

const severalIdentities: Text = {
  what: 'This VM has several managed identities, and `azure-client-id` is not set.',
  fix: 'Set `azure-client-id` to the client ID of the identity to join with (`az identity show --resource-group GROUP --name IDENTITY --query clientId`).',
};

const throttled: Text = {
  what: "Azure's instance metadata service is rate-limiting this VM (HTTP 429).",
  fix: 'Run the job again later, or start fewer jobs at once on this VM.',
};

const noIssuerCertificate: Text = {
  what: "tbot could not fetch the CA certificate that verifies Azure's attested document.",
  fix: 'Allow the runner to reach `http://www.microsoft.com/pkiops/certs/` (plain HTTP, port 80).',
};
