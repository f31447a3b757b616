import { type MessageFacts, type CauseOf, command, sentence, type Text } from '../message.ts';
import { unsupportedText } from './unsupported.ts';

/** The bot joined, and one of the credentials could not be issued. */
export function serviceMessage(
  cause: CauseOf<'service-not-found' | 'workload-identity-denied' | 'unsupported'>,
  about: MessageFacts,
): Text {
  const credential = cause.credential === undefined ? ' for' : ` for \`${cause.credential}\``;
  switch (cause.code) {
    case 'service-not-found':
      return withOthers(
        cause.several ? several(credential) : notFound(cause.sought, credential, about.bot),
        cause.others ?? [],
      );
    case 'workload-identity-denied':
      return workloadIdentity(cause);
    case 'unsupported':
      return unsupportedText(cause, about);
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
  return { ...text, details: [`Not found either: ${others.join(', ')}.`, ...(text.details ?? [])] };
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
    details: [
      `To see it, a role needs \`list\` and \`read\` on its kind under \`rules\`, and its labels in \`${kindOf(sought).labels}\`.`,
    ],
  };
}

/** How tctl lists such resources, and what a role calls their labels (api/types/role.go). */
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
