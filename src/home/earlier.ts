import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { homeName } from './home.ts';
import { readMarker } from './marker.ts';

/**
 * The variables that earlier calls of this job exported, by their values. A value that was not taken
 * back, nor changed by somebody else, is still what the job's environment holds.
 */
export async function exportedEarlier(
  root: string,
  job: string,
): Promise<ReadonlyMap<string, ReadonlySet<string>>> {
  const names = await readdir(root).catch(() => []);
  const markers = await Promise.all(
    names.filter((name) => homeName.test(name)).map(async (name) => readMarker(join(root, name))),
  );
  const found = new Map<string, Set<string>>();
  for (const marker of markers)
    if (marker?.job === job)
      for (const { name, value } of marker.exported)
        found.set(name, (found.get(name) ?? new Set()).add(value));
  return found;
}
