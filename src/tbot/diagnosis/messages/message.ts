import type { Evidence } from '../../../methods/evidence.ts';
import type { ProblemText } from '../../../problem.ts';
import type { Cause, JoinContext } from '../diagnosis.ts';
import { shortened } from '../log.ts';

export { command } from '../../../text/display.ts';

/** What a message is composed of, besides the cause. */
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

/** Returns the join token for a sentence, without its name if that is a secret. */
export function joinToken({ token }: JoinContext): string {
  return token === undefined ? 'join token' : `join token \`${token}\``;
}

/** Returns the join token as the start of a sentence. */
export function theJoinToken({ token }: JoinContext): string {
  return token === undefined ? 'The join token' : `Join token \`${token}\``;
}

/** Returns the join token as `tctl` names it. */
export function tokenRef({ token }: JoinContext): string {
  return `token/${token ?? 'NAME'}`;
}

/** Returns another program's message as the end of a sentence. */
export function sentence(message: string): string {
  const text = message
    .replace(/rpc error: code = \w+ desc = /g, '')
    .replace(/^(?:(?:building|initializing) identity service|joining with token|[:\s])+/, '')
    .trim();
  const short = shortened(text, 300);
  return /[.!?]$/.test(short) ? short : `${short}.`;
}
