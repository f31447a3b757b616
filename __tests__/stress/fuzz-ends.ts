import * as fc from 'fast-check';
import { Problem } from '../../src/problem.ts';
import { report } from '../../src/report.ts';
import { recordingCi } from '../recording.ts';

/** What the cases of a property came to. */
export interface FuzzRun {
  readonly runs: number;
  /** The counterexample, and its path to it among the cases of the seed. */
  readonly failure: { readonly path: string; readonly text: string } | undefined;
}

/** A property that a whole run of cases is checked with. */
export interface Fuzz {
  readonly name: string;
  /** Calls `before` at the beginning of every case. */
  check(parameters: fc.Parameters<unknown>, before: () => void): Promise<FuzzRun>;
}

/** A property of every value; `run` throws where it does not hold. */
export function fuzzOf<T>(
  name: string,
  values: fc.Arbitrary<T>,
  run: (value: T) => Promise<void>,
): Fuzz {
  return {
    name,
    check: async ({ seed = 0, numRuns = 1, path, interruptAfterTimeLimit }, before) => {
      let last = Promise.resolve();
      const tracked = (value: T): Promise<void> => {
        last = run(value);
        return last;
      };
      const property = fc.asyncProperty(values, tracked).beforeEach(before);
      const details = await fc.check(property, {
        seed,
        includeErrorInReport: true,
        numRuns,
        ...(path === undefined ? {} : { path, endOnFailure: true }),
        ...(interruptAfterTimeLimit === undefined ? {} : { interruptAfterTimeLimit }),
      });
      const { numRuns: done, interrupted, counterexamplePath: found } = details;
      // The end of the time abandons a case: one that never ends must not pass for one that is good.
      const abandoned = await last.then(() => undefined, String);
      const runs = interrupted ? done + 1 : done;
      if (found !== null)
        return { runs, failure: { path: found, text: fc.defaultReportMessage(details) ?? '' } };
      const failure = abandoned === undefined ? undefined : { path: `${done}`, text: abandoned };
      return { runs, failure };
    },
  };
}

/**
 * Numbers of cases by property and by how they ended: `success`, or the code of a Problem. They show
 * how deep the cases reach.
 */
export const endings = new Map<string, Map<string, number>>();

/**
 * Runs a case. It must end in success or in a Problem that can be shown, whose text has at most
 * `longest` characters; anything else that is thrown fails the property.
 */
export async function ends(
  name: string,
  run: () => unknown,
  { longest = 20_000 }: { readonly longest?: number } = {},
): Promise<void> {
  try {
    await run();
    count(name, 'success');
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    count(name, error.code);
    await show(error, longest);
  }
}

function count(name: string, ending: string): void {
  const counts = endings.get(name) ?? new Map<string, number>();
  endings.set(name, counts.set(ending, (counts.get(ending) ?? 0) + 1));
}

async function show(problem: Problem, longest: number): Promise<void> {
  const recording = recordingCi({ debugging: true });
  await report(problem, recording.ci, true);
  const [[title = '', text = ''] = []] = recording.of('fail');
  if (title !== `machine-id-action: ${problem.code}`)
    throw new Error(`it was reported as ${title}`);
  if (text.length > longest) throw new Error(`its annotation has ${text.length} characters`);
}
