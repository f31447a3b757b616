import { spawnSync } from 'node:child_process';

export interface Contestant {
  readonly name: string;
  /** Can return the milliseconds to count instead of its run time. */
  readonly run: () => void | Promise<number | void>;
}

export interface Measured {
  readonly name: string;
  /** Milliseconds. */
  readonly median: number;
  /** Milliseconds of the fastest run. */
  readonly min: number;
}

/**
 * Runs the contestants in turns, so that other load affects all of them, and returns the median and
 * the minimum of each.
 */
export async function race(rounds: number, list: readonly Contestant[]): Promise<Measured[]> {
  const times = list.map((): number[] => []);
  for (let round = 0; round < rounds; round += 1)
    for (const [index, { run }] of list.entries()) {
      const start = performance.now();
      const measured = await run();
      times[index]?.push(measured ?? performance.now() - start);
    }
  return list.map(({ name }, index) => {
    const measured = times[index] ?? [];
    return { name, median: median(measured), min: Math.min(...measured) };
  });
}

/** Returns the median. */
export function median(values: readonly number[]): number {
  return values.toSorted((one, other) => one - other)[Math.floor(values.length / 2)] ?? 0;
}

/** Runs a script in Node with only the given environment. */
export function node(script: string, env: Readonly<Record<string, string>> = {}): void {
  spawnSync(process.execPath, [script], { env, stdio: ['ignore', 'pipe', 'pipe'] });
}

/** Prints a table with each time as a multiple of the first one. */
export function table(title: string, rows: readonly Omit<Measured, 'min'>[]): void {
  const base = rows[0]?.median ?? 1;
  console.log(`\n${title}`);
  for (const { name, median: time } of rows)
    console.log(
      `  ${time.toFixed(1).padStart(8)} ms  ${(time / base).toFixed(2).padStart(5)}x  ${name}`,
    );
}
