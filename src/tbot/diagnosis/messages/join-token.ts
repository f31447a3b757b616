import { claimRulesOf } from '../../../methods/claim-rules.ts';
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
  theJoinToken,
  tokenRef,
  untrustedEventNotes,
} from './message.ts';

/** The join token does not exist, or does not fit this job. */
export function joinTokenMessage(
  cause: CauseOf<'token-unknown' | 'token-method' | 'token-role' | 'bot-unknown' | 'scoped-bot'>,
  facts: MessageFacts,
): Text {
  switch (cause.code) {
    case 'token-unknown':
      return tokenUnknown(facts);
    case 'token-method':
      return methodMismatch(cause.supported, facts);
    case 'token-role':
      return notForBots(facts);
    case 'bot-unknown':
      return botUnknown(facts);
    case 'scoped-bot':
      return scopedBot(cause.message, facts);
    default:
      return cause satisfies never;
  }
}

function tokenUnknown(facts: MessageFacts): Text {
  const { context } = facts;
  if (context.token === undefined) return secretTokenUnknown(facts);
  return {
    what: `${clusterOf(context)} has no ${joinToken(context)}: the name is wrong, or the token expired or was deleted.`,
    fix: `Compare the name with ${command('tctl', 'tokens', 'ls')}. To create the token, save the resource below as token.yaml, set \`bot_name\`, and run ${command('tctl', 'create', 'token.yaml')}.`,
    notes: [...entryNotes(facts), ...untrustedEventNotes(context)],
    paste: tokenResource(facts),
  };
}

/** Suggests no resource, because the name of a secret token must not be shown or guessable. */
function secretTokenUnknown({ context }: MessageFacts): Text {
  return {
    what: `${clusterOf(context)} rejected the join token: it is wrong, was already used, has expired or was deleted.`,
    fix: 'Ask the Teleport administrator for a new token; each can be used once. Jobs that run repeatedly need a join method without a secret, such as `github`.',
  };
}

/** Returns the notes on the suggested allow entry, or why it has placeholders. */
function entryNotes({ context, evidence }: MessageFacts): readonly string[] {
  if (evidence.imds?.kind === 'machine' && !context.job.publicRepository)
    return ['The rule allows every job on every VM in this resource group to join.'];
  if (evidence.idToken?.kind !== 'claims') return [];
  const rules = claimRulesOf(context.identity.method);
  const entry = rules?.allowEntry(evidence.idToken.claims);
  if (!entry) return [];
  return entry.kind === 'none' ? [entry.why] : entry.notes;
}

function methodMismatch(supported: string | undefined, { context }: MessageFacts): Text {
  const { identity } = context;
  const other = supported === undefined ? 'another join method' : `join method \`${supported}\``;
  const alternative =
    supported === undefined
      ? `, or set \`join-method\` to the method that ${command('tctl', 'get', tokenRef(context))} shows`
      : isJoinMethod(supported) && methodOf(supported).automatic
        ? `, or set \`join-method: ${supported}\``
        : '';
  return {
    what: `${theJoinToken(context)} is for ${other}, but this job joins with \`${identity.method}\`.`,
    fix: `Set \`token\` to a join token with \`join_method: ${identity.method}\`${alternative}.`,
  };
}

function notForBots({ context }: MessageFacts): Text {
  return {
    what: `${theJoinToken(context)} does not allow bots to join: its \`roles\` do not contain \`Bot\`.`,
    fix: `Set \`token\` to a join token for a bot, or run ${command('tctl', 'edit', tokenRef(context))} and set the fields below.`,
    paste: 'spec:\n  roles: [Bot]\n  bot_name: NAME-OF-THE-BOT # `tctl bots ls` shows the names',
  };
}

/** tbot joins as a scoped bot only with the root key `scoped`, which this action does not set. */
function scopedBot(message: string, { context }: MessageFacts): Text {
  return {
    what: `${theJoinToken(context)} or its bot belongs to a scope, which this action does not support: ${sentence(message)}`,
    fix: 'Set `token` to a join token without a scope, for a bot without a scope.',
  };
}

/** Teleport's whole message is "access denied" (lib/auth/bot.go). */
function botUnknown({ context }: MessageFacts): Text {
  return {
    what: `${theJoinToken(context)} is for a bot that does not exist or was deleted (access denied).`,
    fix: `Ask the Teleport administrator to compare \`bot_name\` in ${command('tctl', 'get', tokenRef(context))} with ${command('tctl', 'bots', 'ls')}, and to correct the token or to create the bot with ${command('tctl', 'bots', 'add', 'NAME')}.`,
  };
}

/** Returns a complete join token that permits this job, as YAML for `tctl create`. */
function tokenResource({ context, evidence }: MessageFacts): string {
  const { method } = context.identity;
  const claims = evidence.idToken?.kind === 'claims' ? evidence.idToken.claims : {};
  const rules =
    claimRulesOf(method)?.tokenRules?.(claims) ??
    methodOf(method).tokenRules?.(evidence, context.job);
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
