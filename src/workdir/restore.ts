import { delimiter } from 'node:path';
import type { Environment } from '../ci/port.ts';
import { isTaken } from '../files/files.ts';
import { positionOf } from './calls.ts';
import { type ExportedVariable, type Marker, writeMarker } from './marker.ts';
import type { Workdir } from './workdir.ts';

/** A variable to set for later steps; an empty value clears it. */
export type RestoredVariable = Pick<ExportedVariable, 'name' | 'value'>;

/**
 * Returns the variables to restore after the removal of one call, each with its previous value, or
 * with an empty one to clear it. Skips variables that another step has changed or a later call has
 * set, and drops paths in private directories that no longer exist. `calls` are all calls of the
 * job, in their order.
 */
export async function restoredVariables(
  marker: Marker,
  calls: readonly Workdir[],
  env: Environment,
): Promise<readonly RestoredVariable[]> {
  const later = laterThan(marker, calls).flatMap((call) => call.marker.exported);
  const unchanged = marker.exported.filter(
    ({ name, value }) =>
      env[name] === value && !later.some((one) => one.name === name && one.value === value),
  );
  const restored = await Promise.all(
    unchanged.map(async ({ name, before }) => ({ name, value: await withoutRemovedPaths(before) })),
  );
  return restored.filter(({ name, value }) => value !== env[name]);
}

/**
 * Corrects the markers of later calls that would restore a value of a removed call: they restore
 * the value from before the removed call instead. Ignores errors: paths that no longer exist are
 * never restored.
 */
export async function correctLaterCalls(marker: Marker, calls: readonly Workdir[]): Promise<void> {
  const removed = new Map(marker.exported.map((variable) => [variable.name, variable]));
  for (const { path, marker: later } of laterThan(marker, calls)) {
    const exported = later.exported.map((variable) => {
      const previous = removed.get(variable.name);
      // Only the next call that exports a variable can have replaced the value of the removed call.
      removed.delete(variable.name);
      return previous?.value === variable.before
        ? { ...variable, before: previous.before }
        : variable;
    });
    if (exported.some((variable, index) => variable !== later.exported[index]))
      await writeMarker(path, { ...later, exported }).catch(() => undefined);
  }
}

function laterThan(marker: Marker, calls: readonly Workdir[]): readonly Workdir[] {
  return calls.filter((call) => positionOf(call) > positionOf({ marker }));
}

/** Drops removed paths from a value, which like KUBECONFIG may be a list. */
async function withoutRemovedPaths(value: string): Promise<string> {
  const kept: string[] = [];
  for (const path of value.split(delimiter)) if (!(await isInRemovedWorkdir(path))) kept.push(path);
  return kept.join(delimiter);
}

async function isInRemovedWorkdir(path: string): Promise<boolean> {
  const workdir = /^(.*[\\/]machine-id-[0-9a-f]{16})(?:[\\/]|$)/.exec(path);
  return workdir?.[1] !== undefined && !(await isTaken(workdir[1]));
}
