import type { TextPort } from '../ci/shell/text-port.ts';
import { messageOf, Problem } from '../problem.ts';

/** The exit codes of the command line. Those for signals are 128 and the number of the signal. */
export const exitCodes = {
  done: 0,
  problem: 1,
  usage: 2,
  bug: 70,
  SIGINT: 130,
  SIGTERM: 143,
} as const;

/** Returns the exit code for a failure. */
export function exitCodeOf(failure: unknown, signal: 'SIGINT' | 'SIGTERM' | undefined): number {
  if (!(failure instanceof Problem)) return exitCodes.bug;
  if (failure.code === 'cancelled') return exitCodes[signal ?? 'SIGTERM'];
  return failure.code === 'inputs' ? exitCodes.usage : exitCodes.problem;
}

/**
 * Returns a failure as one line of JSON, in the words of the system and without secrets. Escapes `#`, with
 * which the commands of a log begin (`##vso[`), because texts can come from the network.
 */
export function failureJson(port: TextPort): string {
  return JSON.stringify(contentOf(port)).replaceAll('#', String.raw`\u0023`);
}

function contentOf({ failed, worded, redact }: TextPort): Readonly<Record<string, unknown>> {
  const { failure, section } = failed ?? { failure: undefined, section: undefined };
  if (!(failure instanceof Problem))
    return {
      code: 'bug',
      message: redact(messageOf(failure)),
      errors: [],
      fix: 'Report it with the stack trace from the log.',
      notes: [],
    };
  const { code, message, errors, fix, notes, paste } = failure;
  return {
    code,
    message: worded(message),
    errors: errors.map(worded),
    fix: worded(fix),
    notes: notes.map(worded),
    ...(paste === undefined ? {} : { paste: redact(paste) }),
    documentation: section,
  };
}
