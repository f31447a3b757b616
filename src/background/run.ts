import { statfs } from 'node:fs/promises';
import { explain, type JoinContext, type TbotFailure } from '../tbot/diagnosis/explain.ts';
import type { ProbeOptions } from '../methods/evidence.ts';
import type { Plan } from '../plan.ts';
import { Problem } from '../problem.ts';
import { lastingFailure, knownFailure } from './failure.ts';
import { notReady } from './readiness.ts';
import { unwritable } from '../workdir/workdir.ts';
import { type RunningTbot, startInBackground, type StartUsing } from './start.ts';

export interface BackgroundUsing extends Omit<StartUsing, 'inspect'> {
  /** Sets what the step waits for, for the message of a timeout. */
  readonly during: (stage: string) => void;
  readonly probe: Omit<ProbeOptions, 'signal'>;
}

/** Milliseconds for the evidence that explains a timeout. */
const explanationTime = 5000;

/**
 * Starts tbot and waits until it has issued all credentials and serves all tunnels. Returns the failure
 * of a tbot that exits or cannot issue them. Throws the signal's reason; in place of a timeout, the
 * Problem that tbot's log explains.
 */
export async function runInBackground(
  { command, services, background }: Plan,
  context: JoinContext,
  using: BackgroundUsing,
): Promise<RunningTbot | TbotFailure> {
  const expected = {
    version: context.tbotVersion,
    diagnostics: background?.diagnostics ?? '',
    services,
  };
  let log: readonly string[] = [];
  try {
    return await startInBackground(command, {
      ...using,
      inspect: async (lines) => {
        log = lines;
        const failure = lastingFailure(lines, context);
        if (failure) return failure;
        const missing = await notReady(expected, lines);
        if (missing.length === 0) return 'ready';
        await checkSpace(using.workdir);
        using.during(`waiting for tbot to become ready: ${missing.join(', ')}`);
        return undefined;
      },
    });
  } catch (error) {
    const failure = isTimeout(error) ? knownFailure(log, context) : undefined;
    if (failure === undefined) throw error;
    const signal = AbortSignal.timeout(explanationTime);
    const { problem } = await explain(failure, context, { ...using.probe, signal });
    // The whole log is printed after a timeout.
    throw problem.withoutLog();
  }
}

/**
 * Throws a Problem `platform` if the disk is full. tbot retries without end, and its log, which would
 * name the cause, is on the same disk.
 */
async function checkSpace(workdir: string): Promise<void> {
  const { bavail } = await statfs(workdir);
  if (bavail === 0) throw unwritable(workdir, Object.assign(new Error(), { code: 'ENOSPC' }));
}

function isTimeout(error: unknown): boolean {
  return error instanceof Problem && error.code === 'timeout';
}
