import { changeMarker, type Home, writeIntoHome } from './home/home.ts';
import { markProcess } from './home/processes.ts';
import type { Network } from './network/network.ts';
import { type Patience, pauseAfter, rest } from './network/retry.ts';
import { configName, type Plan } from './plan.ts';
import type { Runner } from './runner.ts';
import { renderConfig } from './tbot/config.ts';
import { explain, type JoinContext, type TbotFailure } from './tbot/explain.ts';
import { maskWritten } from './tbot/credentials/written.ts';
import { isDebugLine } from './tbot/explain/log.ts';
import { checkPinned } from './tbot/explain/pinned.ts';
import { presentableLog } from './tbot/explain/problem.ts';
import { runTbot } from './tbot/run.ts';

export interface JoinUsing {
  readonly home: Home;
  readonly runner: Runner;
  readonly network: Network;
  readonly signal: AbortSignal;
  readonly patience?: Patience;
}

const usualPatience: Patience = { attempts: 4, pause: 1000, longest: 60_000 };

/** Where many are turned away at once. */
const crowded: ReadonlySet<string> = new Set([
  'rate-limited',
  'imds-throttled',
  'azure-api',
  'aws',
]);

/**
 * Runs tbot until it has joined and issued everything. What can pass by itself is tried again, a
 * denial never is. Throws a Problem, or the signal's reason.
 */
export async function join(plan: Plan, context: JoinContext, using: JoinUsing): Promise<void> {
  const { runner, network, signal, patience = usualPatience } = using;
  await writeIntoHome(using.home.path, configName, await renderConfig(plan.config));
  for (let count = 1; ; count += 1) {
    const failure = await runOnce(plan, context, using);
    if (!failure) return;
    const { env, mask } = runner;
    const { problem, transient } = await explain(failure, context, { env, mask, network, signal });
    signal.throwIfAborted();
    if (!transient || count >= patience.attempts) throw problem;
    const wait = pauseAfter(count, patience, crowded.has(problem.code));
    const seconds = (wait / 1000).toFixed(1);
    runner.info(`${problem.message} That can pass by itself; trying again in ${seconds} s.`);
    await rest(wait, signal);
  }
}

/**
 * Shows the log of tbot, but for a failure that is explained with the end of it. The keys that tbot
 * wrote are masked before anything of the log is shown, here or in an explanation.
 */
async function runOnce(
  plan: Plan,
  context: JoinContext,
  { home, runner, signal }: JoinUsing,
): Promise<TbotFailure | undefined> {
  const lines: string[] = [];
  let failure: TbotFailure | undefined;
  try {
    failure = await runTbot(plan.command, {
      signal,
      onStart: (pid) => rememberProcess(home, pid),
      onLine: (line) => void lines.push(line),
    });
    if (!failure) checkPinned(lines, context);
    return failure;
  } finally {
    maskWritten(plan.services, runner.mask);
    if (!failure || runner.debugging)
      runner.group(
        `Log of tbot ${context.tbotVersion}`,
        presentableLog(lines, context).filter((line) => runner.debugging || !isDebugLine(line)),
      );
  }
}

async function rememberProcess({ path, marker }: Home, pid: number): Promise<void> {
  const processes = [...marker.processes, await markProcess(pid)];
  await changeMarker(path, { ...marker, processes });
}
