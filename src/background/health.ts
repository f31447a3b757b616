import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { CiPort } from '../ci/port.ts';
import { openHttpClient } from '../http/client.ts';
import { reportRenewalFailure } from '../report.ts';
import { maskWritten } from '../services/secrets.verify.ts';
import { explain, type TbotFailure } from '../tbot/diagnosis/explain.ts';
import { isDebugLine, presentableLog } from '../tbot/diagnosis/log.ts';
import { failingLoops, finalError, timeOf } from '../tbot/diagnosis/renewals.ts';
import { rfc3339 } from '../text/time.ts';
import type { BackgroundMark, Marker } from '../workdir/marker.ts';
import { isRunning } from '../workdir/processes.ts';
import { programsOf, type Workdir } from '../workdir/workdir.ts';
import { contextFromMarker, type RenewalContext } from './context.ts';
import { readLog } from './log-file.ts';

/** A call whose tbot has been started in the background. */
export interface BackgroundCall extends Workdir {
  readonly background: BackgroundMark;
}

/** Milliseconds for the evidence that explains a failure; the post step has ten seconds in all. */
const explanationTime = 3000;

/** Lines of the log that are shown. */
const linesShown = 2000;

/**
 * Warns if the tbot of a call has ended or cannot renew the credentials. Prints its log then or with debug
 * logging, after masking the keys that tbot wrote.
 */
export async function reportHealth(call: BackgroundCall, ci: CiPort): Promise<void> {
  const { background, path } = call;
  const context = contextFromMarker(background, ci.job);
  const { pid } = background;
  if (!background.ready || pid === undefined || context === undefined) return;
  const log = await readLog(join(path, background.log));
  const failure = await failureOf(call.marker, pid, log);
  if (failure === undefined && !ci.debugging) return;
  await maskKeys(path, ci);
  if (failure) await report(failure, context, ci);
  ci.group(
    `Log of tbot ${context.join.tbotVersion} (process ${pid})`,
    presentableLog(log.lines, context.join)
      .filter((line) => line !== '' && (ci.debugging || !isDebugLine(line)))
      .slice(-linesShown),
  );
}

/** A failure of tbot with a sentence about its consequence. */
interface RenewalFailure extends TbotFailure {
  readonly what: string;
}

/** Returns why the credentials are not renewed; undefined if they are. */
async function failureOf(
  marker: Marker,
  pid: number,
  { lines, changedAt }: Awaited<ReturnType<typeof readLog>>,
): Promise<RenewalFailure | undefined> {
  const [loop] = failingLoops(lines);
  const mark = marker.processes.find((process) => process.pid === pid);
  const process = `tbot (process ${pid})`;
  const changed = rfc3339(changedAt);
  if (mark && (await isRunning(mark))) {
    if (loop === undefined) return undefined;
    const what =
      loop.since === undefined
        ? `${process} cannot renew the credentials; its last attempt failed at ${changed}.`
        : `${process} has not been able to renew the credentials since ${loop.since}.`;
    return { what, exit: { kind: 'running' }, log: loop.error };
  }
  const ended = lines.map(timeOf).findLast((time) => time !== undefined) ?? changed;
  const log = finalError(lines);
  return {
    what: `${process} ended before the job did and no longer renews the credentials; its last log entry is from ${ended}.`,
    exit: { kind: 'unknown' },
    log: log.length > 0 ? log : (loop?.error ?? []),
  };
}

async function report(
  failure: RenewalFailure,
  { join: context, extraCaFile, summary }: RenewalContext,
  ci: CiPort,
): Promise<void> {
  const { env, mask } = ci;
  const network = openHttpClient({ env, extraCaFile });
  try {
    const signal = AbortSignal.timeout(explanationTime);
    const { problem } = await explain(failure, context, { env, mask, network, signal });
    await reportRenewalFailure(problem.withoutLog(), failure.what, ci, summary);
  } finally {
    network.close();
  }
}

/** Masks the keys in the directories of the credentials. */
async function maskKeys(workdir: string, { mask }: CiPort): Promise<void> {
  const entries = await readdir(workdir, { withFileTypes: true });
  const dirs = entries
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => join(workdir, name))
    .filter((dir) => dir !== programsOf({ path: workdir }));
  maskWritten(
    dirs.map((dir) => ({ dir })),
    mask,
  );
}
