import type { ProblemText } from '../../problem.ts';
import type { Cause } from './diagnosis.ts';
import type { Evidence } from './evidence.ts';
import type { JoinContext } from './failure.ts';
import { shortened } from './log.ts';

export { command } from '../../text/shell.ts';

/** All that a Problem's text is made from, beside the cause. */
export interface MessageFacts {
  readonly context: JoinContext;
  readonly evidence: Evidence;
  readonly bot: string | undefined;
}

/** The text of a Problem before the log is added. */
export type Text = Omit<ProblemText, 'code' | 'log' | 'cause'>;

/** The causes of these codes. */
export type CauseOf<Code extends Cause['code']> = Extract<Cause, { code: Code }>;

/** The cluster as the beginning of a sentence; it has no name before the join by an Auth Service. */
export function clusterOf({ cluster }: JoinContext): string {
  return cluster === undefined ? 'The cluster' : `The cluster ${cluster}`;
}

/** The join token in a sentence; its name is left out where it is a secret. */
export function joinToken({ token }: JoinContext): string {
  return token === undefined ? 'join token' : `join token \`${token}\``;
}

/** The join token as `tctl` names it. */
export function tokenRef({ token }: JoinContext): string {
  return `token/${token ?? 'NAME'}`;
}

/** Another program's message as the end of a sentence of ours. */
export function sentence(message: string): string {
  const text = message
    .replace(/rpc error: code = \w+ desc = /g, '')
    .replace(/^(?:(?:building|initializing) identity service|joining with token|[:\s])+/, '')
    .trim();
  const short = shortened(text, 300);
  return /[.!?]$/.test(short) ? short : `${short}.`;
}
