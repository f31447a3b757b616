import { createHash } from 'node:crypto';

import { describe, expect, it } from 'vitest';

import { failing } from './install-network.fixture.ts';

interface Pace {
  readonly chunks: number;
  /** Seconds before each chunk. */
  readonly seconds: number;
  readonly chunkSize?: number;
  readonly length?: string | undefined;
}

/** Returns the progress lines of a download. */
async function progressOf(pace: Pace): Promise<readonly string[]> {
  const { chunks, seconds, chunkSize = 1_000_000, length } = pace;
  let time = 0;
  const chunk = Buffer.alloc(chunkSize);
  const hash = createHash('sha256');
  for (let index = 0; index < chunks; index += 1) hash.update(chunk);
  const checksum = [hash.digest('hex')];
  async function* body(): AsyncGenerator<Uint8Array> {
    for (let index = 0; index < chunks; index += 1) {
      time += seconds * 1000;
      yield chunk;
    }
  }
  Object.defineProperty(performance, 'now', { configurable: true, value: () => time });
  try {
    const headers = length === undefined ? {} : { 'content-length': length };
    const { problem, lines } = await failing({ inputs: { checksum } }, () => ({
      headers,
      body: body(),
    }));
    // The checksum matches, so the download was complete.
    expect(problem).toMatchObject({ code: 'archive', message: expect.stringContaining('gzip') });
    return lines.filter((line) => line.includes('MB/s'));
  } finally {
    Reflect.deleteProperty(performance, 'now');
  }
}

describe('the progress of a download', () => {
  it('is not logged if the download is fast', async () => {
    expect(await progressOf({ chunks: 4, seconds: 1, length: '4000000' })).toEqual([]);
  });

  it('is logged after 5 s and then every 10 s: bytes, rate, time left', async () => {
    expect(await progressOf({ chunks: 30, seconds: 1, length: '30000000' })).toEqual([
      'Downloaded 5 of 30 MB (1.0 MB/s, 25 s left)',
      'Downloaded 15 of 30 MB (1.0 MB/s, 15 s left)',
      'Downloaded 25 of 30 MB (1.0 MB/s, 5 s left)',
    ]);
  });

  it.each([undefined, 'x', '-1', ''])(
    'omits the total without a valid content-length: %s',
    async (length) => {
      expect(await progressOf({ chunks: 6, seconds: 1, length })).toEqual([
        'Downloaded 5 MB (1.0 MB/s)',
      ]);
    },
  );

  it('is rounded', async () => {
    const pace = { chunks: 1, seconds: 5, chunkSize: 1_500_000 };
    expect(await progressOf(pace)).toEqual(['Downloaded 2 MB (0.3 MB/s)']);
  });
});
