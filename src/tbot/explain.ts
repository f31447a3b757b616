import type { Asking } from '../identity/asking.ts';
import { gatherEvidence } from './explain/evidence.ts';
import type { Problem } from '../problem.ts';
import { diagnose } from './explain/diagnose.ts';
import type { JoinContext, TbotFailure } from './explain/failure.ts';
import { problemOf } from './explain/problem.ts';
import { refine } from './explain/refine.ts';

export type { JoinContext, TbotFailure } from './explain/failure.ts';

/** Why tbot failed. */
export interface Explanation {
  readonly problem: Problem;
  /** It can pass by itself: another try makes sense while there is time. */
  readonly transient: boolean;
}

/**
 * Explains a failed tbot. Asks GitHub for the job's claims, or Azure for the machine, only where
 * tbot's words leave open what the user has to know. Never throws.
 */
export async function explain(
  failure: TbotFailure,
  context: JoinContext,
  using: Asking,
): Promise<Explanation> {
  const first = diagnose(failure, context);
  const evidence = await gatherEvidence(first, context, using);
  const diagnosis = refine(first, evidence);
  return { problem: problemOf(diagnosis, context, evidence), transient: diagnosis.transient };
}
