import { reportBackgroundAt } from './background/report-background.ts';
import { leftoverText } from './workdir/leftover.ts';
import { callsOf } from './workdir/calls.ts';
import { endProcessesOf, type Removal, removeWorkdir } from './workdir/remove.ts';
import { correctLaterCalls, type RestoredVariable, restoredVariables } from './workdir/restore.ts';
import type { Marker } from './workdir/marker.ts';
import { messageOf } from './problem.ts';
import { listed } from './text/display.ts';
import type { CiPort } from './ci/port.ts';

/** Printed if there was nothing to remove, restore or stop. */
export const nothing = 'Nothing to clean up.';

export interface CleanUp {
  /** Private directories, in the order of their calls. */
  readonly paths: readonly string[];
  /** The folder that contains them. */
  readonly root: string;
  /** The moment of the cleanup, as the end of the sentence `The credentials expired before ...`. */
  readonly moment: string;
}

/**
 * Removes private directories of this job and restores its variables; other calls are not affected.
 * Prints what it has done, or nothing if no directory exists. Returns a text for everything that
 * remains. Never throws.
 */
export async function cleanUp(
  { paths, root, moment }: CleanUp,
  ci: CiPort,
): Promise<readonly string[]> {
  const removed: Removed[] = [];
  const restored: RestoredVariable[] = [];
  const remains: string[] = [];
  for (const path of paths) await reportBackgroundAt(path, root, ci);
  // Those of all calls at once, because each may take the whole grace period.
  const ended = await Promise.all(paths.map(async (path) => endProcessesOf(path, root)));
  for (const path of paths) {
    const removal = await removeWorkdir(path, root, async (marker) => {
      try {
        restored.push(...(await restore(marker, root, ci)));
      } catch (error) {
        remains.push(`The exported variables could not be restored: ${messageOf(error)}`);
      }
    });
    if (removal.kind === 'removed') removed.push(removal);
    remains.push(...remainsOf(path, removal));
  }
  if (removed.length > 0) ci.info(sentence(removed, restored, ended.flat()));
  for (const { expiresAt } of removed) noticeExpired(expiresAt, moment, ci);
  return remains;
}

type Removed = Extract<Removal, { readonly kind: 'removed' }>;

/** Sets variables for later steps, and returns them. */
async function restore(
  marker: Marker,
  root: string,
  { job, env, exportVariable }: CiPort,
): Promise<readonly RestoredVariable[]> {
  const { own: calls } = await callsOf(job.key, root);
  await correctLaterCalls(marker, calls);
  const variables = await restoredVariables(marker, calls, env);
  for (const { name, value } of variables) exportVariable(name, value);
  return variables;
}

function remainsOf(path: string, removal: Removal): readonly string[] {
  return [
    ...(removal.kind === 'left' ? [leftoverText(path, removal)] : []),
    ...('markerLost' in removal ? [lostText(path)] : []),
  ];
}

function lostText(path: string): string {
  return `The marker file in ${path} was missing or damaged. Variables that this step exported were not restored, and processes that it started were not stopped.`;
}

/** Explains why an earlier step failed: with expired credentials it reports only `access denied`. */
function noticeExpired(expiresAt: string | undefined, moment: string, ci: CiPort): void {
  const minutes = Math.floor((Date.now() - Date.parse(expiresAt ?? '')) / 60_000);
  if (!(minutes >= 0)) return;
  const ago =
    minutes < 1 ? 'less than a minute' : minutes === 1 ? '1 minute' : `${minutes} minutes`;
  ci.notice(
    'machine-id-action: ttl',
    `The credentials expired ${ago} before ${moment}, at ${expiresAt}. Set a longer \`certificate-ttl\` (the bot's \`max_session_ttl\` must allow it), or use this action again before the steps that need them.`,
  );
}

function sentence(
  removed: readonly Removed[],
  variables: readonly RestoredVariable[],
  stopped: readonly number[],
): string {
  const files = removed.reduce((sum, removal) => sum + removal.files, 0);
  const ended = [...stopped, ...removed.flatMap((removal) => removal.ended)];
  const restored = variables.filter(({ value }) => value !== '').map(({ name }) => name);
  const cleared = variables.filter(({ value }) => value === '').map(({ name }) => name);
  const parts = [
    files > 0 && `removed ${files} ${files === 1 ? 'file' : 'files'}`,
    restored.length > 0 && `restored ${listed(restored)}`,
    cleared.length > 0 && `cleared ${listed(cleared)}`,
    ended.length > 0 &&
      `stopped ${ended.length === 1 ? 'process' : 'processes'} ${listed(ended.map(String))}`,
  ].filter((part) => part !== false);
  const text = listed(parts);
  return text === '' ? nothing : `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;
}
