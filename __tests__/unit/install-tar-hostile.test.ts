import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { BadArchive } from '../../src/install/archive/archive.ts';
import { paxHeader, tar, type TarMember } from '../../testbed/downloads/tar.ts';
import { names } from './install-tar.fixture.ts';

const octets = (text: string): Uint8Array => Buffer.from(text, 'latin1');

/** Returns the names of the members, or the message of a BadArchive. Any other error is a bug. */
async function outcome(bytes: Uint8Array): Promise<string> {
  try {
    return `read: ${(await names(bytes)).join(' ')}`;
  } catch (error) {
    if (error instanceof BadArchive) return `bad: ${error.message}`;
    throw error;
  }
}

describe('a corrupt or hostile archive', () => {
  const cases: [string, TarMember[], RegExp][] = [
    [
      'a directory with a size',
      [{ name: 'a', type: '5', content: 'x' }],
      /without content has a size/,
    ],
    [
      'a link with a size',
      [{ name: 'a', type: '2', linkName: 'b', content: 'x' }],
      /without content/,
    ],
    ['a wrong header checksum', [{ name: 'a', checksum: 1 }], /corrupt/],
    ['a size beyond the end', [{ name: 'a', content: 'x', size: 99_999 }], /truncated/],
    ['an impossible size', [paxHeader({ size: '9'.repeat(16) }), { name: 'a' }], /out of range/],
    ['a negative size', [paxHeader({ size: '-1' }), { name: 'a' }], /out of range/],
    [
      'a global header with a name',
      [{ name: 'g', type: 'g', content: '17 path=teleport\n' }, { name: 'a' }],
      /global/,
    ],
    ['a pax record without length', [{ name: 'x', type: 'x', content: 'path=a\n' }], /corrupt/],
    ['a pax record too long', [{ name: 'x', type: 'x', content: '99 path=a\n' }], /corrupt/],
    ['a pax record too short', [{ name: 'x', type: 'x', content: '4 path=a\n' }], /corrupt/],
    ['a pax record of length 0', [{ name: 'x', type: 'x', content: '0 path=a\n' }], /corrupt/],
    ['a pax record without =', [{ name: 'x', type: 'x', content: '7 path\n' }], /corrupt/],
    ['an endless extension', [{ name: 'x', type: 'x', size: 2 ** 21, content: '' }], /too long/],
  ];
  it.each(cases)('is rejected: %s', async (_, members, words) => {
    expect(await outcome(tar(members))).toMatch(words);
  });

  it('is rejected: no end', async () => {
    expect(await outcome(tar([{ name: 'a', content: 'x' }], { end: false }))).toMatch(/truncated/);
  });

  it('is rejected: half a header', async () => {
    expect(await outcome(tar([{ name: 'a', content: 'x' }]).subarray(0, 700))).toMatch(/truncated/);
    expect(await outcome(tar([{ name: 'a' }]).subarray(0, 300))).toMatch(/truncated/);
  });

  it('is rejected: an invalid number', async () => {
    const patch = { offset: 124, bytes: octets('99999999999\0') };
    expect(await outcome(tar([{ name: 'a', patch }]))).toMatch(/corrupt|invalid number/);
  });

  it('is rejected: more than 20000 members', async () => {
    const members = Array.from({ length: 20_000 }, () => ({ name: 'a' }));
    expect(await outcome(tar(members))).toMatch(/more than 20000 members/);
    expect(await outcome(tar(members.slice(1)))).toMatch(/^read: /);
  });

  it('never causes another error than BadArchive', async () => {
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
