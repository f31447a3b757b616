import { allowEntry } from '../../../identity/allow.ts';
import { type About, type CauseOf, clusterOf, command, type Text } from '../about.ts';
import { tokenResource } from '../resource.ts';

/** The join token itself is missing or is another kind of token. */
export function tokenText(
  cause: CauseOf<'token-unknown' | 'token-method' | 'token-role'>,
  about: About,
): Text {
  switch (cause.code) {
    case 'token-unknown':
      return unknown(about);
    case 'token-method':
      return otherMethod(cause.supported, about);
    case 'token-role':
      return otherRole(about);
    default:
      return cause satisfies never;
  }
}

function unknown(about: About): Text {
  const { token } = about.context;
  return {
    what: `${clusterOf(about.context)} has no join token \`${token}\`: the name is wrong, or the token has expired or was deleted.`,
    fix: `Compare the name with ${command('tctl', 'tokens', 'ls')}; to make the token, save the resource below as token.yaml, put in the name of the bot, and run ${command('tctl', 'create', 'token.yaml')}.`,
    details: whyNoEntry(about),
    paste: tokenResource(about),
  };
}

function whyNoEntry({ evidence }: About): readonly string[] {
  if (evidence.idToken?.kind !== 'claims') return [];
  const entry = allowEntry(evidence.idToken.claims);
  return entry.kind === 'none' ? [entry.why] : entry.notes;
}

function otherMethod(supported: string | undefined, { context }: About): Text {
  const { token, identity } = context;
  const other = supported === undefined ? 'another join method' : `the join method ${supported}`;
  const here = supported === 'github' || supported === 'azure';
  const look = `(${command('tctl', 'get', `token/${token}`)} shows it)`;
  return {
    what: `The join token \`${token}\` is for ${other}, and this job joins by ${identity.method}.`,
    fix: `Name a token whose \`join_method\` is ${identity.method} ${look}${
      here ? `, or give \`join-method: ${supported}\`` : ''
    }.`,
  };
}

function otherRole({ context }: About): Text {
  const { token } = context;
  return {
    what: `The join token \`${token}\` does not let bots join: its \`roles\` lack \`Bot\`.`,
    fix: `Name a token that was made for a bot, or run ${command('tctl', 'edit', `token/${token}`)} and set the lines below.`,
    paste: 'spec:\n  roles: [Bot]\n  bot_name: NAME-OF-THE-BOT # `tctl bots ls` shows the names',
  };
}
