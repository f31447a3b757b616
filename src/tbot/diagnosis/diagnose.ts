import { isSpentByJoin } from '../../methods/methods.ts';
import { othersMissing } from './missing.ts';
import { pinMismatch, errorPatterns } from './error-patterns.ts';
import type { Cause, Diagnosis } from './diagnosis.ts';
import type { JoinContext, TbotFailure } from './failure.ts';
import { clean, errorText, lastError, mentionsPage, logTail } from './log.ts';

/**
 * Finds out from tbot's last error why it failed. Matches parts, never whole messages: tbot joins
 * two causes in either order, breaks lines, and words things by its version.
 */
export function diagnose(failure: TbotFailure, context: Pick<JoinContext, 'identity'>): Diagnosis {
  const text = errorText(failure.log);
  const beside = { log: logTail(failure.log), bot: botIn(failure.log) };
  const joined = beside.bot !== undefined;
  const mayTryAgain = !(joined && isSpentByJoin(context.identity));
  for (const sign of errorPatterns) {
    const match = sign.pattern.exec(text);
    if (match && joined && beforeJoining.has(sign.cause(match, text).code)) continue;
    if (match && (sign.method === undefined || sign.method === context.identity.method))
      return {
        ...complete(unhidden(sign.cause(match, text), failure), failure),
        ...beside,
        retryable: mayTryAgain && (sign.retryable?.(text) ?? false),
      };
  }
  return { ...withoutSign(failure), ...beside, retryable: false };
}

/** What can't be the cause once the bot has joined; a name that was asked for may sound like it. */
const beforeJoining: ReadonlySet<Cause['code']> = new Set([
  'token-unknown',
  'token-method',
  'token-role',
  'claims-denied',
  'azure-denied',
  'bound-keypair',
  'bot-unknown',
  'issuer-unreachable',
]);

/**
 * Where the pins of an Auth Service do not match, tbot tries its address as a proxy's, and that
 * failure is all that its last error tells (lib/utils/cli.go); the pins are in the log, if anywhere.
 */
function unhidden(cause: Cause, { log }: TbotFailure): Cause {
  const hidden = cause.code === 'proxy-untrusted' && log.some((line) => pinMismatch.test(line));
  return hidden ? { ...cause, reason: 'pin' } : cause;
}

/** Those who have to ask for several things should not have to ask one by one. */
function complete(cause: Cause, { log }: TbotFailure): Cause {
  return cause.code === 'service-not-found'
    ? { ...cause, others: othersMissing(log.map(clean), cause.credential) }
    : cause;
}

function withoutSign({ exit, log }: TbotFailure): Cause {
  const words = lastError(log);
  if (words === '' && exit.kind === 'code' && log.some(isForeignBinary))
    return { code: 'platform', reason: 'binary' };
  return { code: 'tbot', exit, message: words || crash(log), page: mentionsPage(words) };
}

/** A shell reading a binary of another machine, or a loader that lacks what the binary needs. */
function isForeignBinary(line: string): boolean {
  return /Syntax error: .* unexpected|cannot execute binary file|Exec format error|version `GLIBC_\S+' not found/i.test(
    line,
  );
}

/** A crash of Go's runtime starts with `panic:` or `fatal error:`. */
function crash(log: readonly string[]): string {
  return clean(log.find((line) => /^(?:panic|fatal error): /.test(line)) ?? '');
}

/** The bot has a role of its own, `bot-<name>`, which tbot logs when it has joined. */
function botIn(log: readonly string[]): string | undefined {
  for (const line of log) {
    const bot = /Fetched new bot identity.*\broles=\[bot-([\w.-]+)\]/.exec(line)?.[1];
    if (bot !== undefined) return bot;
  }
  return undefined;
}
