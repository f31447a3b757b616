import {
  botRef,
  type CauseOf,
  command,
  inCredential,
  type MessageFacts,
  sentence,
  type Text,
  theBot,
  tokenRef,
} from './message.ts';

/** The bot's roles or a lock do not permit the request. */
export function rightsMessage(
  cause: CauseOf<'no-roles' | 'role-denied' | 'mfa-required' | 'locked'>,
  facts: MessageFacts,
): Text {
  switch (cause.code) {
    case 'no-roles':
      return noRoles(facts);
    case 'role-denied':
      return roleDenied(cause, facts);
    case 'mfa-required':
      return /pinned IP/i.test(cause.message)
        ? ipPinned(cause.message)
        : {
            what: `The cluster requires MFA, a trusted device or a hardware key, which a bot cannot provide: ${sentence(cause.message)}`,
            fix: `Ask the Teleport administrator to give the bot roles without \`require_session_mfa\` and \`device_trust_mode\`, and to check these settings in ${command('tctl', 'get', 'cluster_auth_preference')}.`,
          };
    case 'locked':
      return locked(cause);
    default:
      return cause satisfies never;
  }
}

/** Teleport pins the IP address only in the certificates of users who log in. */
function ipPinned(message: string): Text {
  return {
    what: `A role of the bot pins certificates to an IP address, which a bot cannot use: ${sentence(message)}`,
    fix: 'Ask the Teleport administrator to give the bot roles without `pin_source_ip`.',
  };
}

function locked(cause: CauseOf<'locked'>): Text {
  const remove = `find the lock with ${command('tctl', 'get', 'locks')} and remove it with ${command('tctl', 'rm', 'locks/ID')}.`;
  if ('target' in cause && cause.target === undefined)
    return {
      what: 'The cluster uses the locking mode `strict` and cannot read its locks at the moment, so it denies all access. The bot is not locked.',
      fix: 'Run the job again. If the error remains, ask the Teleport administrator to check the Auth Service.',
    };
  if ('target' in cause)
    return {
      what: `The cluster has a lock on ${cause.target}.`,
      fix: `Find out why it was locked, then ${remove}`,
    };
  return {
    what: `The same certificate of the bot was used in two places, so Teleport locked the bot: ${sentence(cause.mismatch)}`,
    fix: `Find out whether the certificate was stolen or is shared by several jobs, then ${remove}`,
  };
}

type RoleDenied = CauseOf<'role-denied'>;

function roleDenied(cause: RoleDenied, facts: MessageFacts): Text {
  const { kind, verb, message } = cause;
  if (kind !== undefined && verb !== undefined) return ruleMissing(kind, verb, cause, facts);
  if (kind !== undefined) return resourceDenied(kind, cause, facts);
  const requested = (facts.context.requestedRoles ?? []).filter((role) => names(message, role));
  return requested.length > 0 ? requestedRoleDenied(message) : roleUnusable(message, facts);
}

/** No rule of the roles allows an action. */
function ruleMissing(
  kind: string,
  verb: string,
  { credential }: RoleDenied,
  facts: MessageFacts,
): Text {
  return {
    what: `The roles of ${botRef(facts)} do not allow \`${verb}\` on \`${kind}\`${inCredential(credential)}.`,
    fix: `Ask the Teleport administrator to run ${command('tctl', 'edit', 'role/ROLE')} for a role of the bot (${command('tctl', 'get', `bot/${nameOf(facts)}`)}) and add the rule below.`,
    paste: `spec:\n  allow:\n    rules:\n      - resources: [${kind}]\n        verbs: [${verb}]`,
    notes: findingTheName(facts),
  };
}

/** No role has labels that match a resource, or a role denies access to it. */
function resourceDenied(kind: string, { credential }: RoleDenied, facts: MessageFacts): Text {
  // api/types/role.go
  const labels = kind.startsWith('kube') ? 'kubernetes_labels' : `${kind}_labels`;
  return {
    what: `The roles of ${botRef(facts)} do not allow access to the requested \`${kind}\`${inCredential(credential)}.`,
    fix: `Ask the Teleport administrator to give the bot a role whose \`${labels}\` match the resource, and to check that none of its roles deny access (${command('tctl', 'get', `bot/${nameOf(facts)}`)}).`,
    notes: findingTheName(facts),
  };
}

function requestedRoleDenied(message: string): Text {
  return {
    what: `\`roles\` in \`services\` requests a role that the bot cannot use: ${sentence(message)}`,
    fix: `Correct or remove \`roles\`: a service can use only the roles of the bot (${command('tctl', 'bots', 'ls')}).`,
  };
}

function roleUnusable(message: string, facts: MessageFacts): Text {
  return {
    what: `${theBot(facts)} cannot use a role: ${sentence(message)}`,
    fix: `Ask the Teleport administrator to compare the roles of the bot (${command('tctl', 'get', `bot/${nameOf(facts)}`)}) with those that exist (${command('tctl', 'get', 'roles')}), and to create the missing role or remove it from the bot.`,
    notes: findingTheName(facts),
  };
}

/** Whether a message contains the role as a whole word: `developer` does not name `dev`. */
function names(message: string, role: string): boolean {
  const escaped = role.replace(/[.*+?^${}()|[\]\\/-]/g, '\\$&');
  return new RegExp(`(?<![\\w.:@/+-])${escaped}(?![\\w@/+-]|[.:]\\w)`).test(message);
}

function noRoles(facts: MessageFacts): Text {
  return {
    what: 'The bot joined but has no roles, so no credentials can be issued.',
    fix: `Run ${command('tctl', 'bots', 'update', nameOf(facts), '--add-roles=ROLE')} with a role that grants the access this job needs.`,
    notes: [
      ...findingTheName(facts),
      "Bots created as in Teleport's guide have no roles. To test only the connection, set `services: '[]'`, with the quotes.",
    ],
  };
}

function nameOf({ bot }: MessageFacts): string {
  return bot ?? 'NAME';
}

/** Explains the placeholder NAME. */
function findingTheName({ bot, context }: MessageFacts): readonly string[] {
  if (bot !== undefined) return [];
  return context.token === undefined
    ? [`${command('tctl', 'bots', 'ls')} shows the names of the bots.`]
    : [`NAME is \`bot_name\` in ${command('tctl', 'get', tokenRef(context))}.`];
}
