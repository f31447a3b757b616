import type { Evidence } from '../../../methods/evidence.ts';
import type { ProblemText } from '../../../problem.ts';
import type { Cause, JoinContext } from '../diagnosis.ts';
import { shortened } from '../log.ts';
import { withoutStatus } from '../wrapped-error.ts';

export { command } from '../../../text/display.ts';

/** The parts of a message besides the cause. */
export interface MessageFacts {
  readonly context: JoinContext;
  readonly evidence: Evidence;
  readonly bot: string | undefined;
}

/** The text of a Problem before the log is added. */
export type Text = Omit<ProblemText, 'code' | 'log' | 'cause'>;

/** The causes of these codes. */
export type CauseOf<Code extends Cause['code']> = Extract<Cause, { code: Code }>;

/** Returns the cluster as the start of a sentence. Its name is unknown without a proxy. */
export function clusterOf({ cluster }: JoinContext): string {
  return cluster === undefined ? 'The cluster' : `The cluster ${cluster}`;
}

/** Returns the join token within a sentence, without its name if that is a secret. */
export function joinToken({ token }: JoinContext): string {
  return token === undefined ? 'the join token' : `join token \`${token}\``;
}

/** Returns the join token as the start of a sentence. */
export function theJoinToken({ token }: JoinContext): string {
  return token === undefined ? 'The join token' : `Join token \`${token}\``;
}

/** Returns the bot within a sentence. */
export function botRef({ bot }: MessageFacts): string {
  return bot === undefined ? 'the bot' : `bot \`${bot}\``;
}

/** Returns the bot as the start of a sentence. */
export function theBot({ bot }: MessageFacts): string {
  return bot === undefined ? 'The bot' : `Bot \`${bot}\``;
}

/** Returns the credential in parentheses for the end of a sentence, if tbot names it. */
export function inCredential(credential: string | undefined): string {
  return credential === undefined ? '' : ` (credential \`${credential}\`)`;
}

/**
 * Warns of events with which outsiders can start a job that has the repository's permissions. Belongs
 * to every suggested allow entry.
 */
export function untrustedEventNotes({ job }: JoinContext): readonly string[] {
  const { eventName = '' } = job;
  if (!/^(?:pull_request_target|workflow_run|issue_comment)$/.test(eventName)) return [];
  return [
    `People without write access can trigger \`${eventName}\`, and allow rules cannot distinguish it from a push to the default branch: do not check out or run their code in this job.`,
  ];
}

/** Returns the join token as `tctl` names it. */
export function tokenRef({ token }: JoinContext): string {
  return `token/${token ?? 'NAME'}`;
}

/** Returns another program's message as the end of a sentence. */
export function sentence(message: string): string {
  const text = withoutRepetition(withoutStatus(message))
    .replace(/^(?:(?:building|initializing) identity service|joining with token|[:\s])+/, '')
    .trim();
  const short = shortened(text, 300);
  return /[.!?]$/.test(short) ? short : `${short}.`;
}

/** Reduces the errors of two connection attempts to one if they have the same cause. */
function withoutRepetition(message: string): string {
  return message.replace(/^(?:[^,]*?: )??(.+), (?:[^,]*?: )??\1$/, '$1');
}
