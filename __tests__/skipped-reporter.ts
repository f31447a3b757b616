import type { Reporter, TestModule } from 'vitest/node';
import { reasonFor, type Requirement } from './requirements.ts';

/** Prints how many tests were skipped because of each missing requirement. */
export default class SkippedReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[]): void {
    const missing = modules.flatMap((module) =>
      [...module.children.allTests('skipped')].flatMap((test) => test.meta().missing ?? []),
    );
    for (const line of skippedLines(missing)) console.log(line);
  }
}

/** Returns one line per requirement, most skipped tests first. Empty if no test was skipped. */
export function skippedLines(missing: readonly Requirement[]): readonly string[] {
  if (missing.length === 0) return [];
  const counts = [...new Set(missing)].map((requirement) => ({
    count: missing.filter((other) => other === requirement).length,
    reason: reasonFor(requirement),
  }));
  return [
    `Skipped ${missing.length === 1 ? '1 test' : `${missing.length} tests`}:`,
    ...counts
      .toSorted((one, other) => other.count - one.count)
      .map(({ count, reason }) => `  ${count} because ${reason}`),
    '',
  ];
}
