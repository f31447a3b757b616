import type { CiPort } from '../ci/port.ts';
import { messageOf } from '../problem.ts';
import { allowOwner } from '../workdir/delete.ts';
import { readMarker } from '../workdir/marker.ts';
import { obstacleTo } from '../workdir/remove.ts';
import type { Workdir } from '../workdir/workdir.ts';

/**
 * Warns if the tbot of a call has ended or cannot renew the credentials, and prints its log then or with
 * debug logging. Does nothing for a call in oneshot mode. Never throws.
 */
export async function reportBackground(workdir: Workdir, ci: CiPort): Promise<void> {
  const { background } = workdir.marker;
  if (background === undefined) return;
  try {
    // Loaded only here, because a call in oneshot mode does not need it.
    const { reportHealth } = await import('./health.ts');
    await reportHealth({ ...workdir, background }, ci);
  } catch (error) {
    ci.debug(`The state of tbot cannot be reported: ${messageOf(error)}`);
  }
}

/** Does the same for a path, before its removal. Ignores one that must not be removed. */
export async function reportBackgroundAt(path: string, root: string, ci: CiPort): Promise<void> {
  if ((await obstacleTo(path, root)) !== undefined) return;
  await allowOwner(path);
  const marker = await readMarker(path);
  if (marker) await reportBackground({ path, marker }, ci);
}
