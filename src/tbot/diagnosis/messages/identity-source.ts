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
        what: `tbot did not find the proof of identity of the join method \`${context.identity.method}\`: the variable ${cause.variable} is not set.`,
        fix: 'Set it in the `env:` of the step, or choose another `join-method`.',
      };
    case 'no-id-token': {
      const { message, fix, notes, paste } = noIdToken(context.job);
      return { what: message, fix, notes, ...(paste === undefined ? {} : { paste }) };
    }
    case 'id-token-refused':
      return refused(evidence.idToken);
    case 'no-imds':
      return noImds;
    case 'imds-no-identity':
      return noIdentity('client_id' in parametersOf(context.identity));
    case 'imds-several-identities':
      return severalIdentities;
    case 'imds-throttled':
      return throttled;
    case 'azure-egress':
      return egress;
    default:
      return cause satisfies never;
  }
}

const again = 'Run the job again; https://www.githubstatus.com tells of outages.';

function refused(answer: IdTokenAnswer | undefined): Text {
  switch (answer?.kind) {
    case 'status':
      return refusedWith(answer.status);
    case 'not-github':
      return {
        what: 'Something that is not GitHub answered when an id token was asked for.',
        fix: 'Let the runner reach the host in ACTIONS_ID_TOKEN_REQUEST_URL past any proxy that answers in its place.',
      };
    case 'unreachable':
      return {
        what: "GitHub's id-token service could not be reached.",
        fix: 'Let the runner reach the host in ACTIONS_ID_TOKEN_REQUEST_URL (`*.actions.githubusercontent.com` for github.com), then run the job again.',
      };
    case 'claims':
      return { what: 'GitHub gave tbot no id token, and gives one now.', fix: again };
    case 'no-token':
    case 'no-endpoint':
    case undefined:
      return { what: 'GitHub answered without an id token.', fix: again };
    default:
      return answer satisfies never;
  }
}

function refusedWith(status: number): Text {
  if (status === 401 || status === 403)
    return {
      what: `GitHub refused this job an id token (HTTP ${status}).`,
      fix: 'Run the job again, and do not carry ACTIONS_ID_TOKEN_REQUEST_* over from another job: they end with the job they were made for.',
    };
  return { what: `GitHub's id-token service answered with HTTP ${status}.`, fix: again };
}

const noImds: Text = {
  what: "Azure's metadata service at 169.254.169.254 did not answer: this is no Azure VM, or the job cannot reach it.",
  fix: 'Run on an Azure VM with a managed identity and let the job (its container, its firewall) reach 169.254.169.254, or join by github with `permissions: id-token: write`.',
};

function noIdentity(named: boolean): Text {
  if (named)
    return {
      what: 'This machine does not have the managed identity that `azure-client-id` names.',
      fix: 'Assign it with `az vm identity assign --resource-group GROUP --name VM --identities IDENTITY`, or correct `azure-client-id`.',
    };
  return {
    what: 'This machine has no managed identity it could join with.',
    fix: 'Give it one with `az vm identity assign --resource-group GROUP --name VM`, or name a user-assigned one in `azure-client-id`.',
    notes: [
      "GitHub's hosted runners are Azure machines without an identity of yours: join by github there.",
    ],
  };
}

const severalIdentities: Text = {
  what: 'This machine has several managed identities, and none was chosen.',
  fix: 'Give `azure-client-id` the client id of the one to join with (`az identity show --resource-group GROUP --name IDENTITY --query clientId`).',
};

const throttled: Text = {
  what: "Azure's metadata service takes no more requests from this machine for the moment.",
  fix: 'Run the job again; with many runners on one machine, start fewer at once.',
};

const egress: Text = {
  what: "tbot could not fetch the certificate that proves Azure's statement about this machine.",
  fix: 'Let the runner reach `http://www.microsoft.com/pkiops/certs/` (plain http, port 80).',
};
