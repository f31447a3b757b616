import { contextForMarker } from './background/context.ts';
import { takenAddress } from './background/failure.ts';
import { logName } from './background/log-file.ts';
import { runInBackground } from './background/run.ts';
import type { RunningTbot } from './background/start.ts';
import { changeMarker, type Workdir, writeToWorkdir } from './workdir/workdir.ts';
import type { Marker } from './workdir/marker.ts';
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
  /** Called before each start of tbot, with its number. */
  readonly onAttempt?: (count: number) => void;
  readonly retryPolicy?: RetryPolicy;
  /** Required in background mode. */
  readonly background?: BackgroundOptions;
}

export interface BackgroundOptions {
  readonly extraCaFile: string | undefined;
  /** Whether the step writes job summaries. */
  readonly summary: boolean;
  /** Sets what the step waits for, for the message of a timeout. */
  readonly during: (stage: string) => void;
  /** Returns a plan with other ports, or undefined if the address is not one of its ports. */
  readonly replan: (address: string) => Promise<Plan | undefined>;
}

/** The result of a join. */
export interface JoinResult {
  /** The plan that was carried out. */
  readonly plan: Plan;
  readonly workdir: Workdir;
  /** Set in background mode. */
  readonly running?: RunningTbot;
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
 * Runs tbot until it has joined and issued all credentials; in background mode it keeps running.
 * Retries retryable failures, never a denial. Throws a Problem, or the signal's reason.
 */
export async function join(
  planned: Plan,
  context: JoinContext,
  using: JoinUsing,
): Promise<JoinResult> {
  const { ci, network, signal, retryPolicy = defaultRetryPolicy } = using;
  let plan = planned;
  let earlier: Problem | undefined;
  for (let count = 1; ; count += 1) {
    using.onAttempt?.(count);
    const config = await renderConfig(plan.config);
    await writeToWorkdir(using.workdir.path, configName, config, { reuse: count > 1 });
    const about = { ...context, listeners: listenersOf(plan) };
    const result = await runOnce(plan, about, using).catch((error: unknown) => {
      throw error === signal.reason ? stopReason(signal, earlier) : error;
    });
    if ('plan' in result) return result;
    const last = count >= retryPolicy.attempts;
    const replanned = last ? undefined : await replan(result, about, using);
    if (replanned) {
      plan = replanned;
      continue;
    }
    const { env, mask } = ci;
    const { problem, retryable } = await explain(result, about, { env, mask, network, signal });
    if (signal.aborted) throw stopReason(signal, earlier);
    // With debug logging, the log of every attempt is already in the job's log.
    if (!retryable || last) throw ci.debugging ? problem.withoutLog() : problem;
    earlier = problem;
    const wait = backoff(count, retryPolicy, rateLimits.has(problem.code));
    ci.info(`${problem.message} Retrying in ${(wait / 1000).toFixed(1)} s.`);
    await rest(wait, signal, earlier);
  }
}

/** Returns the names of the credentials that tbot serves, by their addresses. */
function listenersOf({ services }: Plan): Readonly<Record<string, string>> {
  return Object.fromEntries(
    services.flatMap(({ name, listen }) =>
      listen === undefined ? [] : [[listen.replace(/^\w+:\/\//, ''), name]],
    ),
  );
}

/** Returns a plan with other ports if another process took one that this action chose. */
async function replan(
  failure: TbotFailure,
  context: JoinContext,
  { ci, background }: JoinUsing,
): Promise<Plan | undefined> {
  const address = takenAddress(failure, context);
  const plan = address === undefined ? undefined : await background?.replan(address);
  if (plan) ci.info(`Another process uses ${address}. Starting tbot again with other ports.`);
  return plan;
}

/**
 * Runs tbot once and prints its log; after a failure only with debug logging, because the report of the
 * failure contains the end of the log. Masks the keys that tbot wrote before it prints any of the log.
 */
async function runOnce(
  plan: Plan,
  context: JoinContext,
  using: JoinUsing,
): Promise<JoinResult | TbotFailure> {
  const { ci } = using;
  const lines: string[] = [];
  const onLine = (line: string): void => void lines.push(line);
  let reported = false;
  let running: RunningTbot | undefined;
  try {
    const result = await run(plan, context, using, onLine);
    reported = 'exit' in result;
    if ('exit' in result) return result;
    ({ running } = result);
    checkPinned(lines, context);
    return result;
  } catch (error) {
    await running?.end();
    throw error;
  } finally {
    maskWritten(plan.services, ci.mask);
    if (!reported || ci.debugging)
      ci.group(
        `Log of tbot ${context.tbotVersion}`,
        presentableLog(lines, context).filter((line) => ci.debugging || !isDebugLine(line)),
      );
  }
}

async function run(
  plan: Plan,
  context: JoinContext,
  { workdir: before, ci, network, signal, background }: JoinUsing,
  onLine: (line: string) => void,
): Promise<JoinResult | TbotFailure> {
  let workdir = before;
  const remember = async (pid: number, changes: Partial<Marker>): Promise<void> => {
    const processes = [...before.marker.processes, await markProcess(pid)];
    workdir = await changeMarker(before.path, { ...before.marker, processes, ...changes });
  };
  if (background === undefined || plan.background === undefined) {
    const onStart = async (pid: number): Promise<void> => remember(pid, {});
    const failure = await runTbot(plan.command, { signal, onStart, onLine });
    return failure ?? { plan, workdir: before };
  }
  const { during, extraCaFile, summary } = background;
  const recorded = contextForMarker({ join: context, extraCaFile, summary });
  const mark = { log: logName, context: recorded, ready: false };
  // If this process is killed before it records tbot's, the post step finds that by its folder.
  await changeMarker(before.path, { ...before.marker, background: mark });
  const result = await runInBackground(plan, context, {
    workdir: before.path,
    signal,
    onStart: async (pid) => remember(pid, { background: { ...mark, pid } }),
    onLine,
    during,
    probe: { env: ci.env, mask: ci.mask, network },
  });
  if ('exit' in result) return result;
  const { pid } = result;
  // Written once the credentials are published.
  const marker = { ...workdir.marker, background: { ...mark, pid, ready: true } };
  return { plan, workdir: { ...workdir, marker }, running: result };
}
