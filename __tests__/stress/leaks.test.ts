import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { codesOf } from '../action/action.fixture.ts';
import { openHunt, type Haul, type Hunt } from './leaks.fixture.ts';
import {
  type Case,
  failureCases,
  faultCases,
  joinCases,
  passwordCases,
  secretCases,
} from './leaks-cases.ts';

interface Result {
  readonly haul: Haul;
  readonly codes: readonly string[];
}

const cases = [...faultCases, ...failureCases, ...joinCases, ...secretCases, ...passwordCases];
const variants = cases.flatMap((one) => [
  { ...one, title: one.name, debug: false },
  { ...one, title: `${one.name}, with debug logging`, debug: true },
]);

const lanes = 4;
const results = new Map<string, Result>();
const hunts: Hunt[] = [];

beforeAll(async () => {
  const queue = [...variants];
  const work = async (): Promise<void> => {
    const hunt = await openHunt();
    hunts.push(hunt);
    for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
      const haul = await hunt.run(await next.trial(hunt.testbed), next.debug);
      results.set(next.title, { haul, codes: codesOf(haul.step) });
    }
  };
  await Promise.all(Array.from({ length: lanes }, work));
}, 900_000);
afterAll(async () => {
  for (const hunt of hunts) await hunt[Symbol.asyncDispose]();
  const hauls = [...results.values()].map(({ haul }) => haul);
  const sum = (of: (haul: Haul) => number): number =>
    hauls.reduce((all, haul) => all + of(haul), 0);
  console.log(
    `leak hunt: ${hauls.length} jobs, ${sum(({ secrets }) => secrets.length)} secrets, ${sum(({ searched }) => searched)} characters, ${sum(({ started }) => started.length)} programs started`,
  );
});

function outcomeOf({ haul, codes }: Result): readonly string[] {
  return haul.step.outcome === 'success' ? ['success'] : codes;
}

describe('nothing leaks from', () => {
  it.each(variants)(
    '$title',
    ({ title, codes = ['success'], secrets = [] }: Case & { title: string }) => {
      const result = results.get(title);
      if (result === undefined) throw new Error('the job did not run');
      const { haul } = result;
      const outcome = outcomeOf(result);
      const expected = codes === 'any' ? outcome : codes;
      expect(expected, haul.step.log).toEqual(expect.arrayContaining([...outcome]));
      expect(outcome).toHaveLength(1);
      expect(haul.secrets.map(({ kind }) => kind)).toEqual(expect.arrayContaining([...secrets]));
      expect(haul.leaks).toEqual([]);
      expect(haul.end).toMatchObject({ leftInTemp: [], orphans: [] });
      for (const tbot of haul.tbots) expect(haul.started).toContain(tbot);
    },
  );
});
