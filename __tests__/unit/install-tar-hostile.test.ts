import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { BadArchive } from '../../src/install/archive/archive.ts';
import { paxHeader, tar, type TarMember } from '../../testbed/downloads/tar.ts';
import { names } from './install-tar.fixture.ts';

const octets = (text: string): Uint8Array => Buffer.from(text, 'latin1');

/** The names that were read, or what is bad; anything else that is thrown is a bug. */
async function outcome(bytes: Uint8Array): Promise<string> {
  try {
    return `read: ${(await names(bytes)).join(' ')}`;
  } catch (error) {
    if (error instanceof BadArchive) return `bad: ${error.message}`;
    throw error;
  }
}

describe('a hostile archive', () => {
  const cases: [string, TarMember[], RegExp][] = [
    ['a folder with a size', [{ name: 'a', type: '5', content: 'x' }], /no content has a size/],
    ['a link with a size', [{ name: 'a', type: '2', linkName: 'b', content: 'x' }], /no content/],
    ['a wrong header checksum', [{ name: 'a', checksum: 1 }], /damaged/],
    ['a size above what follows', [{ name: 'a', content: 'x', size: 99_999 }], /too early/],
    ['an absurd size', [paxHeader({ size: '9'.repeat(16) }), { name: 'a' }], /absurd/],
    ['a negative size', [paxHeader({ size: '-1' }), { name: 'a' }], /absurd/],
    [
      'a global header that names',
      [{ name: 'g', type: 'g', content: '17 path=teleport\n' }, { name: 'a' }],
      /global/,
    ],
    ['a pax record without length', [{ name: 'x', type: 'x', content: 'path=a\n' }], /damaged/],
    ['a pax record too long', [{ name: 'x', type: 'x', content: '99 path=a\n' }], /damaged/],
    ['a pax record too short', [{ name: 'x', type: 'x', content: '4 path=a\n' }], /damaged/],
    ['a pax record of length 0', [{ name: 'x', type: 'x', content: '0 path=a\n' }], /damaged/],
    ['a pax record without =', [{ name: 'x', type: 'x', content: '7 path\n' }], /damaged/],
    [
      'an endless extension',
      [{ name: 'x', type: 'x', size: 2 ** 21, content: '' }],
      /absurdly long/,
    ],
  ];
  it.each(cases)('%s', async (_, members, words) => {
    expect(await outcome(tar(members))).toMatch(words);
  });

  it('no end', async () => {
    expect(await outcome(tar([{ name: 'a', content: 'x' }], { end: false }))).toMatch(/too early/);
  });

  it('half a header', async () => {
    expect(await outcome(tar([{ name: 'a', content: 'x' }]).subarray(0, 700))).toMatch(/too early/);
    expect(await outcome(tar([{ name: 'a' }]).subarray(0, 300))).toMatch(/too early/);
  });

  it('a number that is none', async () => {
    const patch = { offset: 124, bytes: octets('99999999999\0') };
    expect(await outcome(tar([{ name: 'a', patch }]))).toMatch(/damaged|none/);
  });

  it('a bomb: more members than a release has', async () => {
    const members = Array.from({ length: 20_000 }, () => ({ name: 'a' }));
    expect(await outcome(tar(members))).toMatch(/too many members/);
    expect(await outcome(tar(members.slice(1)))).toMatch(/^read: /);
  });

  it('any bytes at all: members, or a BadArchive', async () => {
    const noise = fc.uint8Array({ maxLength: 3000 });
    await fc.assert(
      fc.asyncProperty(noise, fc.nat(511), fc.nat(255), async (logTail, offset, byte) => {
        const header = tar([
          { name: 'a/b', content: 'x' },
          paxHeader({ path: 'c' }),
          { name: 'd' },
        ]);
        header[offset] = byte;
        for (const bytes of [logTail, Buffer.concat([header.subarray(0, 1024), logTail])])
          expect(await outcome(bytes)).toMatch(/^(read|bad): /);
      }),
    );
  });
});
