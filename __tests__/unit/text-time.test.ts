import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatDuration, parseDuration, rfc3339 } from '../../src/text/time.ts';
import { InputError } from '../../src/text/input-error.ts';

describe('parseDuration', () => {
  it.each([
    ['1h', 3600],
    ['90s', 90],
    ['1h30m', 5400],
    ['1.5h', 5400],
    ['1h1h', 7200],
    ['30m1h', 5400],
    ['.5m', 30],
    ['1.m', 60],
    ['250ms', 0.25],
    ['1m30s500ms', 90.5],
    ['2us', 2e-6],
    ['2µs', 2e-6],
    ['2μs', 2e-6],
    ['1ns', 1e-9],
    ['0h45m', 2700],
    ['2562047h', 2_562_047 * 3600],
  ])('reads %s as %f s, as Go does', (text, seconds) => {
    expect(parseDuration(text)).toBeCloseTo(seconds, 9);
  });

  it.each([
    '1',
    'h',
    '.h',
    '1d',
    '1 h',
    ' 1h',
    '1h ',
    '1H',
    '1hour',
    '1h30',
    '1,5h',
    '1e3s',
    '0x1h',
    '-1h',
    '+1h',
    '--1h',
    '1h-1m',
    '١h',
    '1h\n',
    '',
  ])('rejects %j', (text) => {
    expect(() => parseDuration(text)).toThrow(InputError);
    expect(() => parseDuration(text)).toThrow(/is not a Go duration/);
  });

  it.each(['0', '0s', '0h0m', '0.1ns', '0.0h'])('rejects %s, which is zero', (text) => {
    expect(() => parseDuration(text)).toThrow(/must be greater than zero/);
  });

  it.each(['2562048h', '99999999999999999999h', `${'9'.repeat(400)}s`])(
    'rejects more than Go supports (%#)',
    (text) => {
      expect(() => parseDuration(text)).toThrow(/too long for a Go duration/);
    },
  );

  it.each([
    ['7d', 'Use `168h`'],
    ['90', 'Use `90m`'],
    ['soon', 'Use for example `1h30m`'],
  ])('suggests for %s: %s', (text, suggestion) => {
    expect(() => parseDuration(text)).toThrow(suggestion);
  });

  it('runs in linear time', () => {
    expect(() => parseDuration(`${'1h'.repeat(50_000)}x`)).toThrow(InputError);
  });
});

describe('formatDuration', () => {
  it.each([
    [3600, '1h'],
    [2700, '45m'],
    [5400, '1h30m'],
    [90, '1m30s'],
    [1.5, '1.5s'],
    [0.25, '250ms'],
    [3601.5, '1h1.5s'],
    [604_800, '168h'],
    [1e-9, '0.000001ms'],
    [0.7 * 3600, '42m'],
    [1.1 * 3600, '1h6m'],
    [59.999_999_999_9, '1m'],
    [3599.999_999_999_9, '1h'],
  ])('formats %d s as %s', (seconds, text) => {
    expect(formatDuration(seconds)).toBe(text);
  });

  const wholeSeconds = fc.integer({ min: 1, max: 2 ** 33 });
  const anySeconds = fc.double({ min: 1e-9, max: 1e9, noNaN: true });

  it('is the inverse of parseDuration for whole seconds', () => {
    fc.assert(
      fc.property(wholeSeconds, (seconds) => {
        expect(parseDuration(formatDuration(seconds))).toBe(seconds);
      }),
    );
  });

  it('is the inverse of parseDuration to a microsecond', () => {
    fc.assert(
      fc.property(anySeconds, (seconds) => {
        const back = parseDuration(formatDuration(seconds));
        expect(Math.abs(back - seconds)).toBeLessThanOrEqual(1e-6 + seconds * 1e-12);
      }),
    );
  });

  it('returns a text that parses to a value with the same text', () => {
    const piece = fc.tuple(
      fc.integer({ min: 0, max: 5000 }),
      fc.constantFrom('h', 'm', 's', 'ms', 'us'),
    );
    const texts = fc
      .array(piece, { minLength: 1, maxLength: 5 })
      .filter((pieces) => pieces.some(([amount]) => amount > 0))
      .map((pieces) => pieces.map(([amount, unit]) => `${amount}${unit}`).join(''));
    fc.assert(
      fc.property(texts, (text) => {
        const once = formatDuration(parseDuration(text));
        expect(formatDuration(parseDuration(once))).toBe(once);
      }),
    );
  });

  it('returns minutes and seconds below sixty', () => {
    fc.assert(
      fc.property(fc.double({ min: 1, max: 1e9, noNaN: true }), (seconds) => {
        const [, minutes = '0', rest = '0'] =
          /^(?:\d+h)?(?:(\d+)m)?(?:([\d.]+)s)?$/.exec(formatDuration(seconds)) ?? [];
        expect(Number(minutes)).toBeLessThan(60);
        expect(Number(rest)).toBeLessThan(60);
      }),
    );
  });
});

describe('rfc3339', () => {
  it('formats a date to the second', () => {
    expect(rfc3339(new Date('2026-01-02T03:04:05.678Z'))).toBe('2026-01-02T03:04:05Z');
    expect(rfc3339(undefined)).toBe('');
  });
});
