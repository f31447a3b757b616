import { randomInt } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Fuzz } from './fuzz-ends.ts';
import { fuzzNames, openProperties } from './fuzz-properties.ts';
import { resultLine, runFuzz } from './fuzz-run.ts';

const seed = Number(process.env['FUZZ_SEED'] ?? randomInt(2 ** 31));
const path = process.env['FUZZ_PATH'];
const seconds = 45 / fuzzNames.length;

const stack = new AsyncDisposableStack();
const lines = [`fuzz: FUZZ_SEED=${seed}`];
let properties: readonly Fuzz[];
beforeAll(async () => {
  properties = await openProperties(stack);
});
afterAll(async () => {
  console.log(lines.join('\n'));
  await stack.disposeAsync();
});

describe(`with seed ${seed}, every case ends in success or a Problem:`, () => {
  it.each(fuzzNames)('%s', async (name) => {
    const fuzz = properties.find((one) => one.name === name);
    if (fuzz === undefined) throw new Error('there is no such property');
    const options = { seed, seconds, ...(path === undefined ? {} : { path }) };
    const result = await runFuzz(fuzz, options);
    lines.push(resultLine(result));
    expect(result.failures).toEqual([]);
    expect(result.runs).toBeGreaterThan(0);
  });
});
