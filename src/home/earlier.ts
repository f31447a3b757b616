import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { homeName } from './home.ts';
import { type ExportedVariable, readMarker } from './marker.ts';

/** A variable that an earlier call of the job exported, with the address by which that call joined. */
export type ExportedEarlier = Pick<ExportedVariable, 'name' | 'value'> & { readonly way?: string };

/**
 * What earlier calls of this job exported. A value that was not taken back, nor changed by somebody
 * else, is still what the job's environment holds.
 */
export async function exportedEarlier(
  root: string,
  job: string,
): Promise<readonly ExportedEarlier[]> {
  const names = await readdir(root).catch(() => []);
  const markers = await Promise.all(
    names.filter((name) => homeName.test(name)).map(async (name) => readMarker(join(root, name))),
  );
  return markers.flatMap((marker) => {
    if (marker?.job !== job) return [];
    const way = marker.way === undefined ? {} : { way: marker.way };
    return marker.exported.map(({ name, value }) => ({ name, value, ...way }));
  });
}
