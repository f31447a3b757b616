import { allowEntry } from '../../../methods/github-allow.ts';
import { isJoinMethod, methodOf } from '../../../methods/index.ts';
import { yamlScalar } from '../../../yaml/scalar.ts';
import {
  type MessageFacts,
  type CauseOf,
  clusterOf,
  command,
  joinToken,
  sentence,
  type Text,
  tokenRef,
} from './message.ts';

/** The join token does not exist, or is of another kind. */
export function joinTokenMessage(
  cause: CauseOf<'token-unknown' | 'token-method' | 'token-role' | 'bot-unknown' | 'scoped-bot'>,
  facts: MessageFacts,
): Text {
  switch (cause.code) {
    case 'token-unknown':
      return unknown(facts);
    case 'token-method':
      return otherMethod(cause.supported, facts);
    case 'token-role':
      return otherRole(facts);
    case 'bot-unknown':
      return otherBot(facts);
    case 'scoped-bot':
      return scopedBot(cause.message, facts);
    default:
      return cause satisfies never;
  }
}

function unknown(facts: MessageFacts): Text {
  const { context } = facts;
  if (context.token === undefined) return spent(facts);
  return {
    what: `${clusterOf(context)} has no ${joinToken(context)}: the name is wrong, or the token has expired or was deleted.`,
    fix: `Compare the name with ${command('tctl', 'tokens', 'ls')}; to make the token, save the resource below as token.yaml, put in the name of the bot, and run ${command('tctl', 'create', 'token.yaml')}.`,
    notes: whyNoEntry(facts),
    paste: tokenResource(facts),
  };
}

/** The name of a secret token is not shown, so no resource is suggested either: its name must not be guessable. */
function spent({ context }: MessageFacts): Text {
  return {
    what: `${clusterOf(context)} does not take the join token: it was used already, has expired or was deleted, or it is not the right one.`,
    fix: 'Ask who made it for a new one; each is good for one join. A job that runs again and again needs a join method without a secret, such as `github`.',
  };
}

function whyNoEntry({ evidence }: MessageFacts): readonly string[] {
  if (evidence.idToken?.kind !== 'claims') return [];
  const entry = allowEntry(evidence.idToken.claims);
  return entry.kind === 'none' ? [entry.why] : entry.notes;
}

function otherMethod(supported: string | undefined, { context }: MessageFacts): Text {
  const { identity } = context;
  const other = supported === undefined ? 'another join method' : `the join method ${supported}`;
  const here = supported !== undefined && isJoinMethod(supported) && methodOf(supported).automatic;
  const look = `(${command('tctl', 'get', tokenRef(context))} shows it)`;
  return {
    what: `The ${joinToken(context)} is for ${other}, and this job joins by ${identity.method}.`,
    fix: `Name a token whose \`join_method\` is ${identity.method} ${look}${
      here ? `, or give \`join-method: ${supported}\`` : ''
    }.`,
  };
}

function otherRole({ context }: MessageFacts): Text {
  return {
    what: `The ${joinToken(context)} does not let bots join: its \`roles\` lack \`Bot\`.`,
    fix: `Name a token that was made for a bot, or run ${command('tctl', 'edit', tokenRef(context))} and set the lines below.`,
    paste: 'spec:\n  roles: [Bot]\n  bot_name: NAME-OF-THE-BOT # `tctl bots ls` shows the names',
  };
}

/** tbot joins as a scoped bot only with the root key `scoped`, which this action does not set. */
function scopedBot(message: string, { context }: MessageFacts): Text {
  return {
    what: `The ${joinToken(context)} or its bot belongs to a scope, which this action does not support: ${sentence(message)}`,
    fix: 'Set `token` to a join token without a scope, of a bot without a scope. Scoped bots are experimental in Teleport and need settings of tbot that this action does not offer.',
  };
}

/** Teleport's message is only "access denied" (lib/auth/bot.go). */
function otherBot({ context }: MessageFacts): Text {
  return {
    what: `The ${joinToken(context)} names a bot that does not exist, or that was deleted (access denied).`,
    fix: `Ask the Teleport administrator to compare \`bot_name\` in ${command('tctl', 'get', tokenRef(context))} with ${command('tctl', 'bots', 'ls')}, and to correct the token or create the bot with ${command('tctl', 'bots', 'add', 'NAME')}.`,
  };
}

/** Returns a complete `kind: token` that permits this job, YAML for `tctl create`. */
function tokenResource({ context, evidence }: MessageFacts): string {
  const { method } = context.identity;
  const rules = methodOf(method).tokenRules?.(evidence, context.job);
  return [
    'kind: token',
    'version: v2',
    'metadata:',
    `  name: ${yamlScalar(context.token ?? 'NAME')}`,
    'spec:',
    '  roles: [Bot]',
    '  bot_name: NAME-OF-THE-BOT # `tctl bots ls` shows the names',
    `  join_method: ${method}`,
    `  ${method}:`,
    ...(rules ?? ['# the rules of this join method']).map((line) => `    ${line}`),
  ].join('\n');
}
