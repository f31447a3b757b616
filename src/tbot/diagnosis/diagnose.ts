import type { Evidence, IdTokenAnswer, ImdsAnswer } from '../../methods/evidence.ts';
import { isSingleUse } from '../../methods/join-identity.ts';
import type { Cause, Diagnosis, JoinContext, TbotFailure } from './diagnosis.ts';
import { clean, errorLevels, errorText, lastError, logTail, mentionsPage } from './log.ts';
import { pinMismatch } from './patterns/connection.ts';
import { errorPatterns } from './patterns/index.ts';
import { othersMissing } from './patterns/issuance.ts';
import { innermostFirst } from './wrapped-error.ts';

/**
 * Returns the cause of a failure, as far as tbot's last error reveals it. Patterns match parts of the
 * error, because tbot joins two causes in either order, breaks lines, and its texts vary by version.
 */
export function diagnose(failure: TbotFailure, context: Pick<JoinContext, 'identity'>): Diagnosis {
  const text = errorText(failure.log);
  const shared = { log: logTail(failure.log), bot: botIn(failure.log) };
  const joined = shared.bot !== undefined;
  const canJoinAgain = !(joined && isSingleUse(context.identity));
  for (const { pattern, method, cause: causeOf, retryable } of errorPatterns) {
    const match = pattern.exec(text);
    if (!match) continue;
    const cause = causeOf(match, text);
    if (joined && beforeJoining.has(cause.code)) continue;
    if (method === undefined || method === context.identity.method)
      return {
        ...withLog(cause, failure),
        ...shared,
        retryable: canJoinAgain && (retryable?.(text) ?? false),
      };
  }
  return { ...withLog(unmatched(failure), failure), ...shared, retryable: false };
}

/** Corrects and completes a cause with what tbot logged besides its last error. */
function withLog(cause: Cause, failure: TbotFailure): Cause {
  return withReorderedMessage(
    withMissingResources(withPinMismatch(cause, failure), failure),
    failure,
  );
}

/** Puts the innermost level of the error first. */
function withReorderedMessage(cause: Cause, { log }: TbotFailure): Cause {
  if (!('message' in cause) || cause.message === undefined) return cause;
  return { ...cause, message: innermostFirst(cause.message, errorLevels(log)) };
}

/** Impossible causes once the bot has joined; the name of a resource can look like one. */
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
 * If the CA pins do not match, tbot tries the address of the Auth Service as that of a proxy, and its
 * last error contains only that failure (lib/utils/cli.go). The log may mention the pins.
 */
function withPinMismatch(cause: Cause, { log }: TbotFailure): Cause {
  const isHidden = cause.code === 'proxy-untrusted' && log.some((line) => pinMismatch.test(line));
  return isHidden ? { ...cause, reason: 'pin' } : cause;
}

/** Adds the other missing resources, so that the user can fix all of them at once. */
function withMissingResources(cause: Cause, { log }: TbotFailure): Cause {
  return cause.code === 'service-not-found'
    ? { ...cause, others: othersMissing(log.map(clean), cause.credential) }
    : cause;
}

function unmatched({ exit, log }: TbotFailure): Cause {
  const words = lastError(log);
  if (words === '' && exit.kind === 'code' && log.some(isForeignBinary))
    return { code: 'platform', reason: 'binary' };
  return { code: 'tbot', exit, message: words || crash(log), page: mentionsPage(words) };
}

/** Whether a shell or the loader reports a binary for another platform. */
function isForeignBinary(line: string): boolean {
  return /Syntax error: .* unexpected|cannot execute binary file|Exec format error|version `GLIBC_\S+' not found/i.test(
    line,
  );
}

/** Returns the message of a crash of Go's runtime. */
function crash(log: readonly string[]): string {
  return clean(log.find((line) => /^(?:panic|fatal error): /.test(line)) ?? '');
}

/** Returns the name of the bot, from its role `bot-<name>`, which tbot logs after the join. */
function botIn(log: readonly string[]): string | undefined {
  for (const line of log) {
    const bot = /Fetched new bot identity.*\broles=\[bot-([\w.-]+)\]/.exec(line)?.[1];
    if (bot !== undefined) return bot;
  }
  return undefined;
}

/** Returns the diagnosis corrected by evidence: whether it is retryable, and what tbot misreports. */
export function refine(diagnosis: Diagnosis, { idToken, imds }: Evidence): Diagnosis {
  const { log, bot } = diagnosis;
  if (diagnosis.code === 'id-token-refused')
    return { ...diagnosis, retryable: idToken !== undefined && isRetryableAnswer(idToken) };
  // tbot tries to parse the web page of a proxy in front of GitHub.
  if (diagnosis.code === 'tbot' && idToken && !inconclusive.has(idToken.kind))
    return { code: 'id-token-refused', log, bot, retryable: isRetryableAnswer(idToken) };
  if (diagnosis.code === 'no-imds' && imds?.kind === 'status' && imds.status === 429)
    return { code: 'imds-throttled', log, bot, retryable: true };
  if (diagnosis.code === 'no-imds' && imds)
    return { ...diagnosis, retryable: isRetryableAnswer(imds) && imds.kind !== 'unreachable' };
  return diagnosis;
}

/** Responses that do not explain a web page. */
const inconclusive: ReadonlySet<IdTokenAnswer['kind']> = new Set(['claims', 'no-endpoint']);

function isRetryableAnswer(answer: IdTokenAnswer | ImdsAnswer): boolean {
  switch (answer.kind) {
    case 'status':
      return answer.status === 429 || answer.status >= 500;
    case 'claims':
    case 'machine':
    case 'unreachable':
      return true;
    case 'not-github':
    case 'not-imds':
    case 'no-token':
    case 'no-endpoint':
      return false;
    default:
      return answer satisfies never;
  }
}
