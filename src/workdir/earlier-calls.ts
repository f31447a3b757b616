import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { workdirName } from './workdir.ts';
import { type ExportedVariable, readMarker } from './marker.ts';

/** A variable that an earlier call of the job exported, with the address by which that call joined. */
export type EarlierVariable = Pick<ExportedVariable, 'name' | 'value'> & {
  readonly endpoint?: string;
};

/**
 * What earlier calls of this job exported. A value that was not taken back, nor changed by somebody
 * else, is still what the job's environment holds.
 */
export async function variablesOfEarlierCalls(
  root: string,
  job: string,
): Promise<readonly EarlierVariable[]> {
  const names = await readdir(root).catch(() => []);
  const markers = await Promise.all(
    names
      .filter((name) => workdirName.test(name))
      .map(async (name) => readMarker(join(root, name))),
  );
  return markers.flatMap((marker) => {
    if (marker?.job !== job) return [];
    const endpoint = marker.endpoint === undefined ? {} : { endpoint: marker.endpoint };
    return marker.exported.map(({ name, value }) => ({ name, value, ...endpoint }));
  });
}
