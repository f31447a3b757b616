import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { nearest } from '../../src/text/nearest.ts';

const known = ['proxy', 'token', 'join-method', 'certificate-ttl', 'min-ttl', 'timeout', 'summary'];

describe('nearest', () => {
  it.each([
    ['proxi', 'proxy'],
    ['prxoy', 'proxy'],
    ['tokens', 'token'],
    ['join_method', 'join-method'],
    ['joinMethod', 'join-method'],
    ['JOIN METHOD', 'join-method'],
    ['certificat-ttl', 'certificate-ttl'],
    ['certifcate_tll', 'certificate-ttl'],
    ['minttl', 'min-ttl'],
    ['time-out', 'timeout'],
    ['sumary', 'summary'],
  ])('returns for %s: %s', (word, meant) => {
    expect(nearest(word, known)).toBe(meant);
  });

  it.each(['', 'x', 'pr', 'mode', 'app', 'kubernetes-cluster', 'xxxxxxxxxxx', 'tokentoken'])(
    'returns nothing for %j',
    (word) => {
      expect(nearest(word, known)).toBeUndefined();
    },
  );

  it('returns the nearest candidate, and the first of equals', () => {
    expect(nearest('timeouts', ['timeoutxs', 'timeout'])).toBe('timeoutxs');
    expect(nearest('abcdef', ['abcdeg', 'abcdef'])).toBe('abcdef');
  });

  it('ignores case, `-` and `_`', () => {
    fc.assert(
      fc.property(fc.constantFrom(...known), fc.boolean(), (name, upper) => {
        const spelt = name.replaceAll('-', upper ? '_' : '');
        expect(nearest(upper ? spelt.toUpperCase() : spelt, known)).toBe(name);
      }),
    );
  });

  it('allows one edit in a word of three letters or more', () => {
    const position = fc.nat({ max: 30 });
    fc.assert(
      fc.property(fc.constantFrom(...known), position, fc.nat(2), (name, at, kind) => {
        const index = at % name.length;
        const slips = [
          `${name.slice(0, index)}${name.slice(index + 1)}`,
          `${name.slice(0, index)}q${name.slice(index)}`,
          `${name.slice(0, index)}q${name.slice(index + 1)}`,
        ];
        expect(nearest(slips[kind] ?? '', known)).toBe(name);
      }),
    );
  });

  it('returns nothing without candidates', () => {
    fc.assert(
      fc.property(fc.string(), (word) => {
        expect(nearest(word, [])).toBeUndefined();
      }),
    );
  });
});
