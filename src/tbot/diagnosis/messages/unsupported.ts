import {
  type MessageFacts,
  type CauseOf,
  clusterOf,
  command,
  sentence,
  type Text,
  tokenRef,
} from '../message.ts';

/** The version, the licence or the set-up of the cluster lacks what was asked for. */
export function unsupportedText(cause: CauseOf<'unsupported'>, about: MessageFacts): Text {
  switch (cause.subject) {
    case 'join-method':
      return cause.enterprise ? licenceText(cause, about) : methodText(cause, about);
    case 'kubernetes':
      return {
        what: `The proxy ${about.context.endpoint.address} announces no address for Kubernetes: ${sentence(cause.message)}`,
        fix: 'Ask the Teleport administrator to enable Kubernetes access on the proxy, or leave the Kubernetes credentials out of `services`.',
      };
    case 'service':
      return issueText(cause, about);
    default:
      return cause.subject satisfies never;
  }
}

function licenceText({ message }: CauseOf<'unsupported'>, { context }: MessageFacts): Text {
  const github =
    context.identity.method === 'github' && context.job.enterpriseServer === undefined
      ? ` For jobs on github.com, remove \`enterprise_server_host\` and \`enterprise_slug\` in ${command('tctl', 'edit', tokenRef(context))}.`
      : '';
  return {
    what: `${clusterOf(context)} needs Teleport Enterprise to let this job join by ${context.identity.method}: ${sentence(message)}`,
    fix: `Ask the Teleport administrator for a Teleport Enterprise licence, or use a join token for another join method.${github}`,
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
