import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Fixture, openFixture } from './action.fixture.ts';

const read = (path: string): string => readFileSync(new URL(path, import.meta.url), 'utf8');

/** Returns the annotations of one level that docs/limits.md quotes, with `TIME` for each time. */
function quoted(level: 'Error' | 'Warning' | 'Notice'): readonly string[] {
  const fences = read('../../docs/limits.md').matchAll(/^```text\n([^]*?)^```$/gm);
  return [...fences]
    .flatMap(([, body = '']) => body.split('\n'))
    .filter((line) => line.startsWith(`${level}: `))
    .map((line) => timeless(line.slice(level.length + 2)));
}

function timeless(text: string): string {
  return text.replaceAll(/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ/g, 'TIME');
}

describe('the annotations in docs/limits.md', () => {
  let fixture: Fixture;
  beforeAll(async () => {
    fixture = await openFixture();
  });
  afterAll(async () => fixture[Symbol.asyncDispose]());

  it('exist', () => {
    const counts = (['Error', 'Warning', 'Notice'] as const).map((level) => quoted(level).length);
    expect(counts).toEqual([9, 1, 2]);
  });

  const [conflict, ...errors] = quoted('Error').toSorted(
    (one, other) => Number(other.startsWith('Input ')) - Number(one.startsWith('Input ')),
  );
  it.each(errors)('contain an error of the samples: %s', (text) => {
    const samples = read('../integration/problems.txt').split('\n');
    expect(samples.map((line) => timeless(line.trim()))).toContain(text);
  });

  it('contain the warning and the notice about a long lifetime', async () => {
    const { step } = await fixture.job({ with: { 'certificate-ttl': '200h' } });
    const shown = step.annotations.map(({ level, message }) => [level, timeless(message)]);
    expect(shown).toEqual([
      ['warning', quoted('Warning')[0]],
      ['notice', quoted('Notice')[0]],
    ]);
  });

  it('contain the error about `leaf-cluster`', async () => {
    const { step } = await fixture.job({ with: { app: 'hello', 'leaf-cluster': 'leaf' } });
    expect(step.annotations[0]?.message.split('\n')[0]).toBe(conflict);
  });

  it('contain the notice of the post step', async () => {
    await using runner = await fixture.runner();
    const { outputs } = await fixture.uses(runner);
    const marker = await runner.run('find "$RUNNER_TEMP" -maxdepth 2 -name ".*" -type f');
    const past = new Date(Date.now() - 3_600_000).toISOString().replace(/\.\d+Z$/, 'Z');
    await runner.run(`sed -i 's/${outputs['expires-at']}/${past}/' ${marker.raw.trim()}`);
    const end = await runner.finish();
    const texts = end.posts.flatMap(({ annotations }) => annotations.map(({ message }) => message));
    expect(texts.map(timeless)).toEqual([quoted('Notice')[1]]);
  });
});
