import { changeMarker, type Workdir, writeToWorkdir } from './workdir/workdir.ts';
import { markProcess } from './workdir/processes.ts';
import type { HttpClient } from './http/client.ts';
import { type RetryPolicy, backoff, rest, stopReason } from './http/retry.ts';
import { configName, type Plan } from './plan.ts';
import type { CiPort } from './ci/port.ts';
import type { Problem } from './problem.ts';
import { renderConfig } from './tbot/config.ts';
import {
  checkPinned,
  explain,
  type JoinContext,
  type TbotFailure,
} from './tbot/diagnosis/explain.ts';
import { maskWritten } from './services/verify.ts';
import { isDebugLine, presentableLog } from './tbot/diagnosis/log.ts';
import { runTbot } from './tbot/run.ts';

export interface JoinUsing {
  readonly workdir: Workdir;
  readonly ci: CiPort;
  readonly network: HttpClient;
  readonly signal: AbortSignal;
  readonly retryPolicy?: RetryPolicy;
}

const defaultRetryPolicy: RetryPolicy = { attempts: 4, pause: 1000, longest: 60_000 };

/** Codes that mean a rate limit, after which the pause is longer. */
const rateLimits: ReadonlySet<string> = new Set([
  'rate-limited',
  'imds-throttled',
  'azure-api',
  'aws',
]);

/**
 * Runs tbot until it has joined and issued all credentials. Retries retryable failures, never a
 * denial. Throws a Problem, or the signal's reason.
 */
export async function join(plan: Plan, context: JoinContext, using: JoinUsing): Promise<void> {
  const { ci, network, signal, retryPolicy = defaultRetryPolicy } = using;
  await writeToWorkdir(using.workdir.path, configName, await renderConfig(plan.config));
  let last: Problem | undefined;
  for (let count = 1; ; count += 1) {
    const failure = await runOnce(plan, context, using).catch((error: unknown) => {
      throw signal.aborted ? stopReason(signal, last) : error;
    });
    if (!failure) return;
    const { env, mask } = ci;
    const { problem, retryable } = await explain(failure, context, { env, mask, network, signal });
    if (signal.aborted) throw stopReason(signal, last);
    // With debug logging, the log of every attempt is already in the job's log.
    if (!retryable || count >= retryPolicy.attempts)
      throw ci.debugging ? problem.withoutLog() : problem;
    last = problem;
    const wait = backoff(count, retryPolicy, rateLimits.has(problem.code));
    ci.info(`${problem.message} Retrying in ${(wait / 1000).toFixed(1)} s.`);
    await rest(wait, signal, last);
  }
}

/**
 * Runs tbot once and prints its log; after a failure only with debug logging, because the report of the
 * failure contains the end of the log. Masks the keys that tbot wrote before it prints any of the log.
 */
async function runOnce(
  plan: Plan,
  context: JoinContext,
  { workdir, ci, signal }: JoinUsing,
): Promise<TbotFailure | undefined> {
  const lines: string[] = [];
  let failure: TbotFailure | undefined;
  try {
    failure = await runTbot(plan.command, {
      signal,
      onStart: (pid) => rememberProcess(workdir, pid),
      onLine: (line) => void lines.push(line),
    });
    if (!failure) checkPinned(lines, context);
    return failure;
  } finally {
    maskWritten(plan.services, ci.mask);
    if (!failure || ci.debugging)
      ci.group(
        `Log of tbot ${context.tbotVersion}`,
        presentableLog(lines, context).filter((line) => ci.debugging || !isDebugLine(line)),
      );
  }
}

async function rememberProcess({ path, marker }: Workdir, pid: number): Promise<void> {
  const processes = [...marker.processes, await markProcess(pid)];
  await changeMarker(path, { ...marker, processes });
}
