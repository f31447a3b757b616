import { openProperties } from '../__tests__/stress/fuzz-properties.ts';
import { type FuzzResult, resultLine, runFuzz } from '../__tests__/stress/fuzz-run.ts';
import type { SoakOptions, SoakReport } from './options.ts';

/** Runs every property in turn, each with another seed in every round, until the time is over. */
export async function fuzz({ minutes, seed }: SoakOptions): Promise<SoakReport> {
  await using stack = new AsyncDisposableStack();
  const properties = await openProperties(stack);
  const end = performance.now() + minutes * 60_000;
  const rounds = Math.max(1, Math.ceil(minutes / 5));
  const seconds = (minutes * 60) / rounds / properties.length;
  const results: FuzzResult[] = [];
  for (let round = 0; round < rounds && performance.now() < end; round += 1)
    for (const property of properties)
      results.push(await runFuzz(property, { seed: seed + round, seconds }));
  const cases = results.reduce((sum, { runs }) => sum + runs, 0);
  const time = results.reduce((sum, one) => sum + one.seconds, 0);
  return {
    lines: [
      ...results.map(resultLine),
      `fuzz: ${cases} cases, ${Math.round((cases * 60) / time)} a minute, seed ${seed}`,
    ],
    failures: results.flatMap((one) => one.failures),
  };
}
