import {
  type MessageFacts,
  type CauseOf,
  command,
  sentence,
  type Text,
  tokenRef,
} from './message.ts';

/** The bot's roles do not permit the request, or a lock does not permit the bot. */
export function rightsMessage(
  cause: CauseOf<'no-roles' | 'role-denied' | 'mfa-required' | 'locked'>,
  facts: MessageFacts,
): Text {
  switch (cause.code) {
    case 'no-roles':
      return noRoles(facts);
    case 'role-denied':
      return cause.kind === undefined
        ? roleDenied(cause.message, facts)
        : kindDenied(cause.kind, cause, facts);
    case 'mfa-required':
      return {
        what: `The cluster requires MFA, a trusted device or a hardware key, which a bot cannot provide: ${sentence(cause.message)}`,
        fix: `Ask the Teleport administrator for roles without \`require_session_mfa\` and \`device_trust_mode\` for the bot, and to check the same settings in ${command('tctl', 'get', 'cluster_auth_preference')}.`,
      };
    case 'locked':
      return locked(cause);
    default:
      return cause satisfies never;
  }
}

function locked(cause: CauseOf<'locked'>): Text {
  const remove = `look for the lock in ${command('tctl', 'get', 'locks')} and remove it with ${command('tctl', 'rm', 'locks/ID')}.`;
  if ('target' in cause)
    return {
      what: `The cluster has locked ${cause.target}.`,
      fix: `Find out why, then ${remove}`,
    };
  return {
    what: `The same certificate of the bot was used in two places, so Teleport locked the bot: ${sentence(cause.mismatch)}`,
    fix: `Find out whether the certificate was stolen or several jobs share it, then ${remove}`,
  };
}

/** No role has labels that match, or another role denies access. */
function kindDenied(
  kind: string,
  { message, credential }: CauseOf<'role-denied'>,
  facts: MessageFacts,
): Text {
  // api/types/role.go
  const labels = kind.startsWith('kube') ? 'kubernetes_labels' : `${kind}_labels`;
  const forCredential = credential === undefined ? '' : ` for \`${credential}\``;
  return {
    what: `The roles of the bot do not give access to the ${kind}${forCredential}: ${sentence(message)}`,
    fix: `Ask the Teleport administrator to give the bot a role whose \`${labels}\` match the labels of the resource, and to check that none of its roles denies it (${command('tctl', 'get', `bot/${nameOf(facts)}`)}).`,
  };
}

function roleDenied(message: string, facts: MessageFacts): Text {
  const asked = (facts.context.askedRoles ?? []).filter((role) => names(message, role));
  if (asked.length > 0)
    return {
      what: `\`roles\` in \`services\` asks for what the bot can't have: ${sentence(message)}`,
      fix: `Correct \`roles\`, or leave it out: a service can have some of the bot's own roles (${command('tctl', 'bots', 'ls')}) and no other.`,
    };
  return {
    what: `The cluster did not let the bot use its roles: ${sentence(message)}`,
    fix: `Compare the bot's roles (${command('tctl', 'bots', 'ls')}) with those that exist (${command('tctl', 'get', 'roles')}), and give it what is missing with ${command('tctl', 'bots', 'update', nameOf(facts), '--add-roles=ROLE')}.`,
    notes: whereTheNameIs(facts),
  };
}

/** Whether a message contains the role as a whole word: `developer` does not name `dev`. */
function names(message: string, role: string): boolean {
  const escaped = role.replace(/[.*+?^${}()|[\]\\/-]/g, '\\$&');
  return new RegExp(`(?<![\\w.:@/+-])${escaped}(?![\\w@/+-]|[.:]\\w)`).test(message);
}

function noRoles(facts: MessageFacts): Text {
  return {
    what: 'The bot joined and can be issued nothing: it has no roles.',
    fix: `Run ${command('tctl', 'bots', 'update', nameOf(facts), '--add-roles=ROLE')} with a role that may do what this job is for.`,
    notes: [
      ...whereTheNameIs(facts),
      "A bot made as in Teleport's guide has no roles; for a test of the connection alone, give `services: '[]'`, in quotes.",
    ],
  };
}

function nameOf({ bot }: MessageFacts): string {
  return bot ?? 'NAME';
}

function whereTheNameIs({ bot, context }: MessageFacts): readonly string[] {
  if (bot === undefined && context.token === undefined)
    return [`${command('tctl', 'bots', 'ls')} shows the names of the bots.`];
  return bot === undefined
    ? [`NAME is \`bot_name\` in ${command('tctl', 'get', tokenRef(context))}.`]
    : [];
}
