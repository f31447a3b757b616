import { crowdLines, runCrowd } from '../__tests__/stress/crowd.ts';
import type { SoakOptions, SoakReport } from './options.ts';

/** How many jobs run at once. */
const size = 50;

/** Runs crowds of jobs, one after another, until the time is over. */
export async function crowd({ minutes }: SoakOptions): Promise<SoakReport> {
  const until = performance.now() + minutes * 60_000;
  const lines: string[] = [];
  const failures: string[] = [];
  do {
    const report = await runCrowd(size);
    lines.push(...crowdLines(report));
    failures.push(...report.failures);
  } while (performance.now() < until);
  return { lines, failures };
}
