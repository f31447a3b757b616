import { methodOf } from '../../../methods/index.ts';
import type { MissingResource } from '../diagnosis.ts';
import {
  type CauseOf,
  clusterOf,
  command,
  inCredential,
  type MessageFacts,
  sentence,
  type Text,
  theBot,
  tokenRef,
} from './message.ts';

/** The bot joined, but a credential could not be issued. */
export function issuanceMessage(
  cause: CauseOf<'service-not-found' | 'workload-identity-denied' | 'unsupported'>,
  facts: MessageFacts,
): Text {
  switch (cause.code) {
    case 'service-not-found':
      return notFoundText(cause, facts);
    case 'workload-identity-denied':
      return workloadIdentityText(cause);
    case 'unsupported':
      return unsupportedText(cause, facts);
    default:
      return cause satisfies never;
  }
}

function workloadIdentityText({
  reason,
  message,
  credential,
}: CauseOf<'workload-identity-denied'>): Text {
  const resource = command('tctl', 'get', 'workload_identity');
  if (reason === 'rules')
    return {
      what: `The rules of the workload identity do not match this job${inCredential(credential)}: ${sentence(message)}`,
      fix: `Ask the Teleport administrator to compare \`spec.rules\` in ${resource} with the claims of this job and the name of the bot.`,
    };
  return {
    what: `A template of the workload identity uses an attribute that this job does not have${inCredential(credential)}: ${sentence(message)}`,
    fix: `Ask the Teleport administrator to correct \`spec.spiffe\` in ${resource}, or use the join method that provides the attribute.`,
  };
}

function notFoundText(cause: CauseOf<'service-not-found'>, facts: MessageFacts): Text {
  const { resource, credential, others = [] } = cause;
  const notes = others.map(
    (other) =>
      `${theBot(facts)} also cannot see ${described(other)}${inCredential(other.credential)}.`,
  );
  if (resource === 'several')
    return {
      what: `More than one resource matches the request${inCredential(credential)}, but only one can be issued.`,
      fix: 'Set the full name of the resource, or labels that match only one.',
      notes,
    };
  const { list, labels } = resourceKinds[resource.kind];
  const what = `${theBot(facts)} cannot see ${described(resource)}${inCredential(credential)}.`;
  if (resource.kind === 'leaf cluster')
    return {
      what,
      fix: `Compare the input \`leaf-cluster\`, or \`cluster\` in \`services\`, with ${list}. If the name is correct, ask the Teleport administrator to give the bot a role whose \`${labels}\` match.`,
      notes,
    };
  return {
    what,
    fix: `Compare the name with ${list}. If the name is correct, ask the Teleport administrator to check the roles of the bot (${command('tctl', 'get', `bot/${facts.bot ?? 'NAME'}`)}).`,
    notes: [
      `The bot needs a role with matching \`${labels}\`, and with the verbs \`list\` and \`read\` for this kind of resource under \`rules\`.`,
      ...notes,
    ],
  };
}

function described({ kind, name }: MissingResource): string {
  const article = kind === 'application' ? 'an' : 'a';
  return name === undefined ? `a matching ${kind}` : `${article} ${kind} named \`${name}\``;
}

/** The command that lists such resources, and the role's key for their labels (api/types/role.go). */
const resourceKinds = {
  application: { list: command('tctl', 'apps', 'ls'), labels: 'app_labels' },
  database: { list: command('tctl', 'db', 'ls'), labels: 'db_labels' },
  'Kubernetes cluster': { list: command('tctl', 'kube', 'ls'), labels: 'kubernetes_labels' },
  'leaf cluster': { list: command('tctl', 'get', 'remote_cluster'), labels: 'cluster_labels' },
  'workload identity': {
    list: command('tctl', 'get', 'workload_identity'),
    labels: 'workload_identity_labels',
  },
} as const satisfies Record<MissingResource['kind'], object>;

/** The version, the license or the configuration of the cluster does not support the request. */
function unsupportedText(cause: CauseOf<'unsupported'>, facts: MessageFacts): Text {
  switch (cause.subject) {
    case 'join-method':
      return cause.enterprise ? licenseText(cause, facts) : methodText(cause, facts);
    case 'kubernetes':
      return {
        what: `The Teleport Proxy ${facts.context.endpoint.address} does not announce an address for Kubernetes: ${sentence(cause.message)}`,
        fix: 'Ask the Teleport administrator to enable Kubernetes access on the proxy, or remove the Kubernetes credentials from the step.',
      };
    case 'service':
      return serviceText(cause, facts);
    default:
      return cause.subject satisfies never;
  }
}

function licenseText({ message }: CauseOf<'unsupported'>, { context }: MessageFacts): Text {
  const edit = command('tctl', 'edit', tokenRef(context));
  const without = methodOf(context.identity.method).licenseFix?.(edit, context.job) ?? '';
  return {
    what: `${clusterOf(context)} lacks the Teleport Enterprise license that this join with \`${context.identity.method}\` requires: ${sentence(message)}`,
    fix: `Ask the Teleport administrator for a Teleport Enterprise license, or use a join token with another join method.${without && ` ${without}`}`,
  };
}

function methodText({ message }: CauseOf<'unsupported'>, { context }: MessageFacts): Text {
  return {
    what: `${clusterOf(context)} does not support the join method \`${context.identity.method}\`: ${sentence(message)}`,
    fix: 'Ask the Teleport administrator to update the cluster, or use a join token with another join method.',
  };
}

function serviceText(
  { enterprise, message, credential }: CauseOf<'unsupported'>,
  { context }: MessageFacts,
): Text {
  return {
    what: `${clusterOf(context)} does not support a requested service${inCredential(credential)}: ${sentence(message)}`,
    fix: enterprise
      ? 'Ask the Teleport administrator for a Teleport Enterprise license, or remove the service from the step.'
      : 'Ask the Teleport administrator whether the version and the license of the cluster support the service, or remove the service from the step.',
  };
}
