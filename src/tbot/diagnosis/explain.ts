import type { ProbeOptions } from '../../methods/probe.ts';
import { gatherEvidence } from './evidence.ts';
import type { Problem } from '../../problem.ts';
import { diagnose } from './diagnose.ts';
import type { JoinContext, TbotFailure } from './failure.ts';
import { problemOf } from './problem.ts';
import { refine } from './refine.ts';

export type { JoinContext, TbotFailure } from './failure.ts';

/** Why tbot failed. */
export interface Explanation {
  readonly problem: Problem;
  /** It can pass by itself: another try makes sense while there is time. */
  readonly retryable: boolean;
}

/**
 * Explains a failed tbot. Asks GitHub for the job's claims, or Azure for the machine, only where
 * tbot's words leave open what the user has to know. Never throws.
 */
export async function explain(
  failure: TbotFailure,
  context: JoinContext,
  using: ProbeOptions,
): Promise<Explanation> {
  const first = diagnose(failure, context);
  const evidence = await gatherEvidence(first, context, using);
  const diagnosis = refine(first, evidence);
  return { problem: problemOf(diagnosis, context, evidence), retryable: diagnosis.retryable };
}
