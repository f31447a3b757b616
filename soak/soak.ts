import { parseArgs } from 'node:util';
import { crowd } from './crowd.ts';
import { fuzz } from './fuzz.ts';
import { kill } from './kill.ts';
import type { SoakOptions, SoakReport } from './options.ts';

const parts: Readonly<Record<string, (options: SoakOptions) => Promise<SoakReport>>> = {
  fuzz,
  kill,
  crowd,
};

const usage = `npm run soak -- [${Object.keys(parts).join('|')}] [--minutes N] [--seed S]`;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { minutes: { type: 'string' }, seed: { type: 'string' } },
});
const seed = Number(values.seed ?? Math.floor(Math.random() * 2 ** 31));
const wanted = positionals.length > 0 ? positionals : Object.keys(parts);
const unknown = wanted.some((name) => !(name in parts));
if (unknown || !Number.isSafeInteger(seed) || !(minutesOf('') > 0)) {
  console.error(usage);
  process.exit(2);
}

/** Minutes of a part. By default three, but the kill matrix alone runs to its end. */
function minutesOf(name: string): number {
  if (values.minutes !== undefined) return Number(values.minutes);
  return name === 'kill' && positionals.length > 0 ? Infinity : 3;
}

let defects = 0;
for (const name of wanted) {
  console.log(`${name}, seed ${seed}`);
  const started = performance.now();
  const { lines, failures } = (await parts[name]?.({ minutes: minutesOf(name), seed })) ?? {
    lines: [],
    failures: [],
  };
  for (const line of lines) console.log(`  ${line}`);
  for (const failure of failures) console.log(`  DEFECT: ${failure}`);
  const minutes = ((performance.now() - started) / 60_000).toFixed(1);
  console.log(`  ${failures.length} defects in ${minutes} minutes`);
  defects += failures.length;
}
process.exitCode = defects === 0 ? 0 : 1;
