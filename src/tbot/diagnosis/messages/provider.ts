import { methodOf } from '../../../methods/index.ts';
import {
  type MessageFacts,
  type CauseOf,
  command,
  inCredential,
  joinToken,
  sentence,
  type Text,
  tokenRef,
} from './message.ts';

/** A service outside of the cluster failed: the OIDC issuer, AWS or Azure. */
export function providerMessage(
  cause: CauseOf<'issuer-unreachable' | 'aws' | 'azure-api'>,
  facts: MessageFacts,
): Text {
  switch (cause.code) {
    case 'issuer-unreachable':
      return issuerText(cause, facts);
    case 'aws':
      return awsText(cause, facts);
    case 'azure-api':
      return azureText(cause);
    default:
      return cause satisfies never;
  }
}

function issuerText(
  { untrusted, message }: CauseOf<'issuer-unreachable'>,
  { context }: MessageFacts,
): Text {
  const otherwise = methodOf(context.identity.method).staticKeys
    ? `, or to set \`static_jwks\` in the join token with ${command('tctl', 'edit', tokenRef(context))}`
    : '';
  if (untrusted)
    return {
      what: `The Auth Service does not trust the certificate of the issuer of this job's OIDC token: ${sentence(message)}`,
      fix: `Ask the Teleport administrator to install the CA certificate of the issuer on the host of the Auth Service${otherwise}. CA certificates on the runner have no effect.`,
    };
  return {
    what: `The Auth Service could not reach the issuer of this job's OIDC token: ${sentence(message)}`,
    fix: `Ask the Teleport administrator to allow the host of the Auth Service to reach the issuer (DNS, firewall, HTTP proxy)${otherwise}. The network of the runner has no effect.`,
  };
}

function awsText({ reason, message, credential }: CauseOf<'aws'>, { context }: MessageFacts): Text {
  const words = sentence(message);
  switch (reason) {
    case 'roles-anywhere':
      return rolesAnywhereText(words, credential);
    case 'organizations':
      return {
        what: `The Auth Service could not query AWS Organizations for this job's account: ${words}`,
        fix: `Run the job again later. If the error persists, ask the Teleport administrator to grant \`organizations:DescribeAccount\` to the Auth Service, or to use \`aws_account\` in the rules of ${joinToken(context)}.`,
      };
    case 'sts':
      return {
        what: `The Auth Service could not verify this job's AWS identity with AWS STS: ${words}`,
        fix: 'Check that the AWS credentials of the job have not expired and that the Auth Service can reach AWS STS.',
      };
    case 'credentials':
      return {
        what: `tbot found no AWS credentials to join with: ${words}`,
        fix: 'Configure AWS credentials in an earlier step, or run the job on an EC2 instance with an instance profile.',
      };
    default:
      return reason satisfies never;
  }
}

function rolesAnywhereText(words: string, credential: string | undefined): Text {
  const what = `AWS IAM Roles Anywhere did not issue credentials${inCredential(credential)}: ${words}`;
  if (/denied|untrusted|status(?: ?code)?: 4\d\d/i.test(words))
    return {
      what,
      fix: 'Compare `trust_anchor_arn`, `profile_arn` and `role_arn` in `services` with AWS. The trust anchor must contain the SPIFFE CA certificate of the cluster, and the trust policy of the role must allow the SPIFFE ID.',
    };
  return {
    what,
    fix: 'Check `region` in `services`, and allow the runner to reach `rolesanywhere.REGION.amazonaws.com`.',
  };
}

function azureText({ throttled, message }: CauseOf<'azure-api'>): Text {
  if (throttled)
    return {
      what: 'The Azure API is rate-limiting the Auth Service (HTTP 429).',
      fix: 'Run the job again later, or start fewer jobs at once. Clusters older than 17 send a request for every join, so updating the cluster also helps.',
    };
  return {
    what: `The Auth Service could not look up this VM in the Azure API: ${sentence(message)}`,
    fix: 'Grant the managed identity `Microsoft.Compute/virtualMachines/read` on the VM, and allow the Auth Service to reach `management.azure.com`.',
  };
}
