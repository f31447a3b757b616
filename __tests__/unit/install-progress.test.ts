import { describe, expect, it } from 'vitest';

import { parseLength, progressLine, withProgress } from '../../src/install/progress.ts';

async function* chunks(count: number): AsyncGenerator<Uint8Array> {
  for (let index = 0; index < count; index += 1) yield Buffer.alloc(1_000_000);
}

/** What is said of a download whose chunks come every so many seconds. */
async function said(count: number, seconds: number, total?: number): Promise<readonly string[]> {
  const lines: string[] = [];
  let time = -seconds * 1000;
  const clock = (): number => (time += seconds * 1000);
  let bytes = 0;
  for await (const chunk of withProgress(chunks(count), total, (line) => lines.push(line), clock))
    bytes += chunk.length;
  expect(bytes).toBe(count * 1_000_000);
  return lines;
}

describe('the progress of a download', () => {
  it('is not told when it is fast', async () => {
    expect(await said(4, 1, 4_000_000)).toEqual([]);
  });

  it('is told after a while, and then rarely: bytes, rate, time left', async () => {
    expect(await said(30, 1, 30_000_000)).toEqual([
      '5 of 30 MB, 1.0 MB/s, 25 s left',
      '15 of 30 MB, 1.0 MB/s, 15 s left',
      '25 of 30 MB, 1.0 MB/s, 5 s left',
    ]);
  });

  it('leaves out what is not known', async () => {
    expect(progressLine(1_500_000, undefined, 3)).toBe('2 MB, 0.5 MB/s');
    expect(await said(6, 1)).toEqual(['5 MB, 1.0 MB/s']);
  });

  it.each([
    ['150', 150],
    ['x', undefined],
    [undefined, undefined],
    ['-1', undefined],
  ])('content-length %s', (header, length) => {
    expect(parseLength(header)).toBe(length);
  });
});
