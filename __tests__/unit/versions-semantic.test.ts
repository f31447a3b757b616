import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import {
  compareVersions,
  formatVersion,
  parseVersion,
  type Version,
} from '../../src/versions/semantic.ts';

function read(text: string): Version {
  const version = parseVersion(text);
  if (!version) throw new Error(`${text} is no version`);
  return version;
}

describe('versions', () => {
  it.each([
    ['18.2.4', '18.2.4'],
    ['v18.2.4', '18.2.4'],
    ['15.0.0-dev', '15.0.0-dev'],
    ['17.0.0-aa', '17.0.0-aa'],
    ['18.0.0-rc.1', '18.0.0-rc.1'],
    ['18.2.4+build.7', '18.2.4'],
  ])('%s is read as %s', (text, expected) => {
    expect(formatVersion(read(text))).toBe(expected);
  });

  it.each([
    '',
    '18',
    '18.2',
    'latest',
    '18.2.4.1',
    '18.2.4 ',
    '18.2.x',
    '18.2.4-',
    `${'1'.repeat(200)}.0.0`,
  ])('`%s` is none', (text) => {
    expect(parseVersion(text)).toBeUndefined();
  });

  it('come in the order of semantic versioning', () => {
    const order = [
      '17.0.0-aa',
      '17.0.0-alpha',
      '17.0.0-alpha.1',
      '17.0.0-alpha.2',
      '17.0.0-alpha.10',
      '17.0.0-alpha.beta',
      '17.0.0-rc.1',
      '17.0.0',
      '17.0.1-dev',
      '17.0.1',
      '17.2.0',
      '17.10.0',
      '18.0.0',
    ];
    for (const [index, earlier] of order.entries())
      for (const later of order.slice(index + 1)) {
        expect(compareVersions(read(earlier), read(later)), `${earlier} ${later}`).toBeLessThan(0);
        expect(compareVersions(read(later), read(earlier))).toBeGreaterThan(0);
      }
  });

  const part = fc.oneof(fc.nat(99).map(String), fc.stringMatching(/^[a-z][0-9a-z-]{0,4}$/));
  const version = fc.record({
    major: fc.nat(30),
    minor: fc.nat(30),
    patch: fc.nat(30),
    prerelease: fc.array(part, { maxLength: 3 }),
  });

  it('survive being written and read', () => {
    fc.assert(
      fc.property(version, (one) => {
        expect(parseVersion(formatVersion(one))).toEqual(one);
      }),
    );
  });

  it('compare with the opposite sign in the opposite order', () => {
    fc.assert(
      fc.property(version, version, (a, b) => {
        expect(Math.sign(compareVersions(a, b)) + Math.sign(compareVersions(b, a))).toBe(0);
        expect(compareVersions(a, b) === 0).toBe(formatVersion(a) === formatVersion(b));
      }),
    );
  });
});
