import { everyCase, record, runMatrix } from '../__tests__/stress/kill-matrix.ts';
import type { KillCase } from '../__tests__/stress/kill-result.ts';
import type { SoakOptions, SoakReport } from './options.ts';

/** Runs the kill matrix: all of it, or in a random order what the time allows. */
export async function kill({ minutes, seed }: SoakOptions): Promise<SoakReport> {
  const all = everyCase(await record());
  const until = performance.now() + minutes * 60_000;
  const onCase = (count: number, defects: number): void => {
    if (count % 100 === 0) console.log(`  ${count} of ${all.length}, ${defects} defects`);
  };
  const { cases, failures, milliseconds } = await runMatrix(shuffled(all, seed), { until, onCase });
  const perMinute = (cases / (milliseconds / 60_000)).toFixed(0);
  const rest = cases < all.length ? '; the rest needs more `--minutes`' : '';
  return {
    lines: [`${cases} of ${all.length} kill points, ${perMinute} a minute${rest}`],
    failures,
  };
}

/** Orders cases by chance, the same for the same seed. */
function shuffled(cases: readonly KillCase[], seed: number): readonly KillCase[] {
  const keys = randomNumbers(seed);
  return cases
    .map((test) => ({ test, key: keys() }))
    .toSorted((one, other) => one.key - other.key)
    .map(({ test }) => test);
}

/** Returns a generator of numbers: a linear congruence with the constants of Numerical Recipes. */
function randomNumbers(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state;
  };
}
