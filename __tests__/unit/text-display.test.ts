import { describe, expect, it } from 'vitest';
import { isPrintable, printable, printableLines } from '../../src/text/display.ts';

const unseen: readonly (readonly [string, string])[] = [
  ['a NUL', '\u0000'],
  ['an escape', '\u001b'],
  ['a carriage return', '\r'],
  ['DEL', '\u007f'],
  ['the C1 next line', '\u0085'],
  ['the one-byte control sequence introducer', '\u009b'],
  ['a soft hyphen', '\u00ad'],
  ['the Arabic letter mark', '\u061c'],
  ['a zero-width space', '\u200b'],
  ['a line separator', '\u2028'],
  ['a right-to-left override', '\u202e'],
  ['an isolate', '\u2066'],
  ['a byte order mark', '\ufeff'],
];

describe('invisible characters', () => {
  it.each(unseen)('include %s', (_, character) => {
    const text = `a${character}b`;
    expect(isPrintable(text)).toBe(false);
    expect(printable(text)).toBe('a b');
    expect(printableLines(text)).toBe('ab');
  });

  it('do not include the letters of other languages', () => {
    for (const text of ['Ünïcødé', '日本語', 'עברית', 'می‌دهم', '👩‍💻', 'a b', '🔑', '']) {
      expect(isPrintable(text)).toBe(true);
      expect(printable(text)).toBe(text);
    }
  });

  it('include line breaks and tabs only in a single line', () => {
    expect([isPrintable('a\nb'), isPrintable('a\tb')]).toEqual([false, false]);
    expect(printableLines('a\tb\nc')).toBe('a\tb\nc');
  });
});
