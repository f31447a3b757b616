import { realpath } from 'node:fs/promises';
import { workdirState } from './workdir/workdir.ts';
import { leftoverText, leftoverTitle } from './workdir/leftover.ts';
import type { ExportedVariable } from './workdir/marker.ts';
import { type Removal, type Restore, restoredVariables, removeWorkdir } from './workdir/remove.ts';
import type { CiPort } from './ci/port.ts';

/**
 * Runs the post step: removes what main created and restores the variables that it set. It may follow
 * a main that never ran, died or was cancelled. It never fails the job: what it cannot remove is a
 * warning.
 */
export async function post(ci: CiPort): Promise<void> {
  const path = ci.state(workdirState);
  if (path === '') return ci.info('Nothing to remove: this step made nothing that stays.');
  let restored: readonly string[] = [];
  const removal = await remove(path, ci, async (exported) => {
    restored = await restore(exported, ci);
  });
  reportRemoval(path, removal, restored, ci);
  if ('markerLost' in removal) ci.warning(leftoverTitle, lostText(path));
}

async function remove(path: string, { directories }: CiPort, restoring: Restore): Promise<Removal> {
  try {
    return await removeWorkdir(path, await realpath(directories.temp ?? ''), restoring);
  } catch (error) {
    return { kind: 'left', why: String(error) };
  }
}

async function restore(
  exported: readonly ExportedVariable[],
  ci: CiPort,
): Promise<readonly string[]> {
  const variables = await restoredVariables(exported, ci.env);
  try {
    for (const { name, value } of variables) ci.exportVariable(name, value);
    return variables.map(({ name }) => name);
  } catch (error) {
    ci.warning(
      leftoverTitle,
      `The variables of this step could not be taken back: ${String(error)}`,
    );
    return [];
  }
}

function reportRemoval(
  path: string,
  removal: Removal,
  restored: readonly string[],
  ci: CiPort,
): void {
  switch (removal.kind) {
    case 'absent':
      return ci.info('Nothing to remove: the credentials are gone already.');
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
  return `The marker of ${path} is missing or damaged. Variables that this step exported were not restored, and processes that it started were not ended.`;
}

/** A step that fails with expired credentials reports only `access denied`; `now` in milliseconds. */
function noticeExpired(expiresAt: string | undefined, now: number, ci: CiPort): void {
  const minutes = Math.floor((now - Date.parse(expiresAt ?? '')) / 60_000);
  if (!(minutes >= 0)) return;
  const by = minutes < 1 ? 'less than a minute' : minutes === 1 ? '1 minute' : `${minutes} minutes`;
  ci.notice(
    'machine-id-action: ttl',
    `The job outlived its credentials by ${by}: they ended ${expiresAt}. Ask for a longer \`certificate-ttl\` (the bot's \`max_session_ttl\` must allow it), or use this action again before the late steps.`,
  );
}

function sentence(files: number, ended: readonly number[], restored: readonly string[]): string {
  return [
    `Removed everything that this step made (${files} ${files === 1 ? 'file' : 'files'})`,
    restored.length > 0 && `took back ${restored.join(', ')}`,
    ended.length > 0 && `ended ${ended.length === 1 ? 'process' : 'processes'} ${ended.join(', ')}`,
  ]
    .filter((part) => part !== false)
    .join('; ')
    .concat('.');
}
