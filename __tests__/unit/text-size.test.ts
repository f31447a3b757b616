import { expect, it } from 'vitest';
import { formatSize } from '../../src/text/size.ts';

it.each([
  [0, '0.0 kB'],
  [3_456, '3.5 kB'],
  [24_100_000, '24.1 MB'],
  [250_000_000, '250.0 MB'],
])('formats %d bytes as %s', (bytes, text) => {
  expect(formatSize(bytes)).toBe(text);
});
