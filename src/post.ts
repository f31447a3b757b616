import { realpath } from 'node:fs/promises';
import { workdirState } from './workdir/workdir.ts';
import { leftoverText, leftoverTitle } from './workdir/leftover.ts';
import { type Removal, restoredVariables, removeWorkdir } from './workdir/remove.ts';
import { messageOf } from './problem.ts';
import { listed } from './text/display.ts';
import type { CiPort } from './ci/port.ts';

type Variable = Awaited<ReturnType<typeof restoredVariables>>[number];

const nothing = 'Nothing to clean up.';

/**
 * Runs the post step: removes the files of the main step and restores its variables. The main step may
 * not have run, or may have been killed or cancelled. Never fails the job: reports a warning for
 * everything that it cannot remove.
 */
export async function post(ci: CiPort): Promise<void> {
  const path = ci.state(workdirState);
  if (path === '') return ci.info(nothing);
  const removal = await remove(path, ci);
  const restored = removal.kind === 'absent' ? [] : await restore(removal, ci);
  reportRemoval(path, removal, restored, ci);
  if ('markerLost' in removal) ci.warning(leftoverTitle, lostText(path));
}

async function remove(path: string, { directories }: CiPort): Promise<Removal> {
  try {
    return await removeWorkdir(path, await realpath(directories.temp ?? ''));
  } catch (error) {
    return { kind: 'left', why: String(error), exported: [] };
  }
}

/** Sets variables for the next steps. Returns those that it has set. */
async function restore(
  removal: Exclude<Removal, { kind: 'absent' }>,
  ci: CiPort,
): Promise<readonly Variable[]> {
  const variables = await restoredVariables(removal.exported, ci.env);
  try {
    for (const { name, value } of variables) ci.exportVariable(name, value);
    return variables;
  } catch (error) {
    ci.warning(
      leftoverTitle,
      `The variables that this step exported could not be restored: ${messageOf(error)}`,
    );
    return [];
  }
}

function reportRemoval(
  path: string,
  removal: Removal,
  restored: readonly Variable[],
  ci: CiPort,
): void {
  switch (removal.kind) {
    case 'absent':
      return ci.info(nothing);
    case 'removed':
      ci.info(sentence(removal.files, removal.ended, restored));
      return noticeExpired(removal.expiresAt, Date.now(), ci);
    case 'left':
      return ci.warning(leftoverTitle, leftoverText(path, removal));
    default:
      return removal satisfies never;
  }
}

function lostText(path: string): string {
  return `The marker file in ${path} was missing or damaged. Variables that this step exported were not restored, and processes that it started were not stopped.`;
}

/**
 * Explains why a late step failed: with expired credentials it reports only `access denied`. `now` is
 * in milliseconds.
 */
function noticeExpired(expiresAt: string | undefined, now: number, ci: CiPort): void {
  const minutes = Math.floor((now - Date.parse(expiresAt ?? '')) / 60_000);
  if (!(minutes >= 0)) return;
  const ago =
    minutes < 1 ? 'less than a minute' : minutes === 1 ? '1 minute' : `${minutes} minutes`;
  ci.notice(
    'machine-id-action: ttl',
    `The credentials expired ${ago} before the end of the job, at ${expiresAt}. Set a longer \`certificate-ttl\` (the bot's \`max_session_ttl\` must allow it), or use this action again before the steps that need them.`,
  );
}

function sentence(files: number, ended: readonly number[], variables: readonly Variable[]): string {
  const names = (those: readonly Variable[]): string => listed(those.map(({ name }) => name));
  const restored = variables.filter(({ value }) => value !== '');
  const cleared = variables.filter(({ value }) => value === '');
  const parts = [
    files > 0 && `removed ${files} ${files === 1 ? 'file' : 'files'}`,
    restored.length > 0 && `restored ${names(restored)}`,
    cleared.length > 0 && `cleared ${names(cleared)}`,
    ended.length > 0 &&
      `stopped ${ended.length === 1 ? 'process' : 'processes'} ${listed(ended.map(String))}`,
  ].filter((part) => part !== false);
  const text = listed(parts);
  return text === '' ? nothing : `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;
}
