import { diagnose } from '../tbot/diagnosis/diagnose.ts';
import type { JoinContext, TbotFailure } from '../tbot/diagnosis/explain.ts';
import { failingLoops } from '../tbot/diagnosis/renewals.ts';

type Audience = Pick<JoinContext, 'identity'>;

/**
 * Returns the failure of a tbot that keeps running, but will not issue its first credentials: it gave up
 * until the next interval, or another attempt would fail for the same reason.
 */
export function lastingFailure(log: readonly string[], context: Audience): TbotFailure | undefined {
  for (const { error, exhausted } of failingLoops(log)) {
    const failure: TbotFailure = { exit: { kind: 'running' }, log: error };
    const { code, retryable } = diagnose(failure, context);
    if (exhausted || (code !== 'tbot' && !retryable)) return failure;
  }
  return undefined;
}

/** Returns the error that tbot logged last, if its cause is known. */
export function knownFailure(log: readonly string[], context: Audience): TbotFailure | undefined {
  const [loop] = failingLoops(log);
  if (loop === undefined) return undefined;
  const failure: TbotFailure = { exit: { kind: 'running' }, log: loop.error };
  return diagnose(failure, context).code === 'tbot' ? undefined : failure;
}

/** Returns the address (`host:port`) that tbot could not listen on because it is in use. */
export function takenAddress(failure: TbotFailure, context: Audience): string | undefined {
  const diagnosis = diagnose(failure, context);
  return diagnosis.code === 'platform' && diagnosis.reason === 'address'
    ? diagnosis.address
    : undefined;
}
