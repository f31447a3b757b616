import { type About, type CauseOf, command, sentence, type Text, tokenRef } from '../about.ts';

/** The bot joined, or would have, and may not have what it asks for. */
export function rightsText(
  cause: CauseOf<'no-roles' | 'role-denied' | 'locked'>,
  about: About,
): Text {
  switch (cause.code) {
    case 'no-roles':
      return noRoles(about);
    case 'role-denied':
      return roleDenied(cause.message, about);
    case 'locked':
      return {
        what: `The cluster has locked ${cause.target}.`,
        fix: `Find out why, then look for the lock in ${command('tctl', 'get', 'locks')} and remove it with ${command('tctl', 'rm', 'locks/ID')}.`,
      };
    default:
      return cause satisfies never;
  }
}

function roleDenied(message: string, about: About): Text {
  const asked = (about.context.askedRoles ?? []).filter((role) => names(message, role));
  if (asked.length > 0)
    return {
      what: `\`roles\` in \`services\` asks for what the bot can't have: ${sentence(message)}`,
      fix: `Correct \`roles\`, or leave it out: a service can have some of the bot's own roles (${command('tctl', 'bots', 'ls')}) and no other.`,
    };
  return {
    what: `The cluster did not let the bot use its roles: ${sentence(message)}`,
    fix: `Compare the bot's roles (${command('tctl', 'bots', 'ls')}) with those that exist (${command('tctl', 'get', 'roles')}), and give it what is missing with ${command('tctl', 'bots', 'update', nameOf(about), '--add-roles=ROLE')}.`,
    details: whereTheNameIs(about),
  };
}

/** As a word of its own: `dev` is not meant by `developer`. */
function names(message: string, role: string): boolean {
  const escaped = role.replace(/[.*+?^${}()|[\]\\/-]/g, '\\$&');
  return new RegExp(`(?<![\\w.:@/+-])${escaped}(?![\\w@/+-]|[.:]\\w)`).test(message);
}

function noRoles(about: About): Text {
  return {
    what: 'The bot joined and can be issued nothing: it has no roles.',
    fix: `Run ${command('tctl', 'bots', 'update', nameOf(about), '--add-roles=ROLE')} with a role that may do what this job is for.`,
    details: [
      ...whereTheNameIs(about),
      "A bot made as in Teleport's guide has no roles; for a test of the connection alone, give `services: '[]'`, in quotes.",
    ],
  };
}

function nameOf({ bot }: About): string {
  return bot ?? 'NAME';
}

function whereTheNameIs({ bot, context }: About): readonly string[] {
  if (bot === undefined && context.token === undefined)
    return [`${command('tctl', 'bots', 'ls')} shows the names of the bots.`];
  return bot === undefined
    ? [`NAME is \`bot_name\` in ${command('tctl', 'get', tokenRef(context))}.`]
    : [];
}
