import { methodOf } from '../../../methods/index.ts';
import {
  type CauseOf,
  clusterOf,
  command,
  type MessageFacts,
  sentence,
  type Text,
  tokenRef,
} from './message.ts';

/** The bot joined, but a credential could not be issued. */
export function issuanceMessage(
  cause: CauseOf<'service-not-found' | 'workload-identity-denied' | 'unsupported'>,
  facts: MessageFacts,
): Text {
  const credential = cause.credential === undefined ? ' for' : ` for \`${cause.credential}\``;
  switch (cause.code) {
    case 'service-not-found':
      return withOthers(
        cause.several ? several(credential) : notFound(cause.sought, credential, facts.bot),
        cause.others ?? [],
      );
    case 'workload-identity-denied':
      return workloadIdentity(cause);
    case 'unsupported':
      return unsupportedText(cause, facts);
    default:
      return cause satisfies never;
  }
}

function workloadIdentity({
  reason,
  message,
  credential,
}: CauseOf<'workload-identity-denied'>): Text {
  const of = credential === undefined ? '' : ` of \`${credential}\``;
  const resource = command('tctl', 'get', 'workload_identity');
  if (reason === 'rules')
    return {
      what: `The rules of the workload identity${of} do not match this job: ${sentence(message)}`,
      fix: `Ask the Teleport administrator to compare \`spec.rules\` in ${resource} with the claims of this job and the name of the bot.`,
    };
  return {
    what: `A template of the workload identity${of} uses an attribute that this job does not have: ${sentence(message)}`,
    fix: `Ask the Teleport administrator to correct \`spec.spiffe\` in ${resource}, or join by the method that provides the attribute.`,
  };
}

function withOthers(text: Text, others: readonly string[]): Text {
  if (others.length === 0) return text;
  return { ...text, notes: [`Not found either: ${others.join(', ')}.`, ...(text.notes ?? [])] };
}

function several(credential: string): Text {
  return {
    what: `More than one resource of the cluster is meant by what was asked${credential}, and one alone can be issued.`,
    fix: 'Give the full name, or labels that a single one has.',
  };
}

function notFound(sought: string, credential: string, bot: string | undefined): Text {
  return {
    what: `The cluster shows the bot no ${sought}, which was asked${credential}.`,
    fix: `Compare the name with ${kindOf(sought).list}; if it is there, a role of the bot (${command('tctl', 'get', `bot/${bot ?? 'NAME'}`)}) must let it be seen and used.`,
    notes: [
      `To see it, a role needs \`list\` and \`read\` on its kind under \`rules\`, and its labels in \`${kindOf(sought).labels}\`.`,
    ],
  };
}

/** Returns the command that lists such resources, and the role's key for their labels (api/types/role.go). */
function kindOf(sought: string): { readonly list: string; readonly labels: string } {
  if (/^app/i.test(sought)) return { list: command('tctl', 'apps', 'ls'), labels: 'app_labels' };
  if (/^database/i.test(sought)) return { list: command('tctl', 'db', 'ls'), labels: 'db_labels' };
  if (/^workload/i.test(sought))
    return {
      list: command('tctl', 'get', 'workload_identity'),
      labels: 'workload_identity_labels',
    };
  return { list: command('tctl', 'kube', 'ls'), labels: 'kubernetes_labels' };
}

/** The version, the licence or the configuration of the cluster does not support the request. */
function unsupportedText(cause: CauseOf<'unsupported'>, facts: MessageFacts): Text {
  switch (cause.subject) {
    case 'join-method':
      return cause.enterprise ? licenceText(cause, facts) : methodText(cause, facts);
    case 'kubernetes':
      return {
        what: `The proxy ${facts.context.endpoint.address} announces no address for Kubernetes: ${sentence(cause.message)}`,
        fix: 'Ask the Teleport administrator to enable Kubernetes access on the proxy, or leave the Kubernetes credentials out of `services`.',
      };
    case 'service':
      return issueText(cause, facts);
    default:
      return cause.subject satisfies never;
  }
}

function licenceText({ message }: CauseOf<'unsupported'>, { context }: MessageFacts): Text {
  const edit = command('tctl', 'edit', tokenRef(context));
  const without = methodOf(context.identity.method).licenceFix?.(edit, context.job) ?? '';
  return {
    what: `${clusterOf(context)} needs Teleport Enterprise to let this job join by ${context.identity.method}: ${sentence(message)}`,
    fix: `Ask the Teleport administrator for a Teleport Enterprise licence, or use a join token for another join method.${without && ` ${without}`}`,
  };
}

function methodText({ message }: CauseOf<'unsupported'>, { context }: MessageFacts): Text {
  return {
    what: `${clusterOf(context)} does not support the join method \`${context.identity.method}\`: ${sentence(message)}`,
    fix: 'Ask the Teleport administrator to update the cluster, or use a join token for another join method.',
  };
}

function issueText(
  { enterprise, message, credential }: CauseOf<'unsupported'>,
  { context }: MessageFacts,
): Text {
  const asked = credential === undefined ? ' for' : ` for \`${credential}\``;
  return {
    what: `${clusterOf(context)} can't issue what was asked${asked}: ${sentence(message)}`,
    fix: enterprise
      ? 'Ask the Teleport administrator for a Teleport Enterprise licence, or leave that service out.'
      : 'Ask who runs the cluster whether its version and its licence have this, or leave that service out.',
  };
}
