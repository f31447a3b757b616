import { zstdCompressSync } from 'node:zlib';

import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { paxHeader, tar } from '../../testbed/downloads/tar.ts';
import { kinds, list, names, pieceSize } from './install-tar.fixture.ts';

describe('a tar archive', () => {
  it('is read member by member', async () => {
    const bytes = tar([
      { name: 'teleport/', type: '5' },
      { name: './teleport/VERSION', content: '18.2.4\n' },
      { name: 'teleport/tbot', content: 'x'.repeat(1500) },
      { name: 'teleport/examples/link', type: '2', linkName: '../VERSION' },
      { name: 'teleport/hard', type: '1', linkName: 'teleport/VERSION' },
      { name: 'teleport/empty' },
    ]);
    expect(await list(bytes)).toEqual([
      ['directory', 'teleport', ''],
      ['file', 'teleport/VERSION', '18.2.4\n'],
      ['file', 'teleport/tbot', 'x'.repeat(1500)],
      ['link', 'teleport/examples/link', ''],
      ['link', 'teleport/hard', ''],
      ['file', 'teleport/empty', ''],
    ]);
  });

  it('may have long names: prefix, GNU and pax', async () => {
    const long = `teleport/${'long/'.repeat(30)}tbot`;
    const bytes = tar([
      { name: `teleport/${'x'.repeat(60)}/${'y'.repeat(60)}`, content: '1' },
      { name: '././@LongLink', type: 'L', content: `${long}\0` },
      { name: 'cut', content: '2' },
      paxHeader({ path: long, mtime: '1.5' }),
      { name: 'cut', content: '3' },
      { name: 'g', type: 'g', content: '19 comment=release\n' },
      { name: 'last', content: '4' },
    ]);
    expect(await names(bytes)).toEqual([
      `teleport/${'x'.repeat(60)}/${'y'.repeat(60)}`,
      long,
      long,
      'last',
    ]);
  });

  it('may have members of any name and kind', async () => {
    const bytes = tar([
      { name: '/etc/passwd' },
      { name: 'teleport/../../etc/passwd' },
      { name: 'C:\\tbot.exe' },
      { name: 'a/b', type: '2', linkName: '../../c' },
      { name: 'x', type: 'K', content: '/etc\0' },
      { name: 'hard', type: '1', linkName: '../c' },
      { name: 'character', type: '3' },
      { name: 'block', type: '4' },
      { name: 'pipe', type: '6' },
      { name: 'gnu', type: 'S', content: 'x' },
      paxHeader({ 'GNU.sparse.realsize': '9' }),
      { name: 'pax', content: 'x' },
      { name: 'unknown', type: 'V', content: 'x' },
      { name: 'folder/', content: 'x' },
    ]);
    expect(await kinds(bytes)).toEqual([
      ['file', 'etc/passwd'],
      ['file', 'teleport/../../etc/passwd'],
      ['file', 'C:\\tbot.exe'],
      ['link', 'a/b'],
      ['link', 'hard'],
      ['device', 'character'],
      ['device', 'block'],
      ['device', 'pipe'],
      ['sparse file', 'gnu'],
      ['sparse file', 'pax'],
      ['file of an unknown kind', 'unknown'],
      ['directory', 'folder'],
    ]);
  });

  it('uses the last of several extended headers', async () => {
    const bytes = tar([
      paxHeader({ path: 'a', size: '1' }),
      { name: 'x', type: 'L', content: 'b\0' },
      { name: 'c', content: 'y', size: 9 },
      paxHeader({ path: 'without a member' }),
    ]);
    expect(await list(bytes)).toEqual([['file', 'b', 'y']]);
  });

  it('may have a size in a pax header or in base 256', async () => {
    const base256 = new Uint8Array(12);
    base256.set([0x80], 0);
    base256.set([3], 11);
    const bytes = tar([paxHeader({ size: '3' }), { name: 'a', content: 'abc', size: 0 }]);
    expect(await list(bytes)).toEqual([['file', 'a', 'abc']]);
    const header = tar([{ name: 'b', content: 'xyz' }]);
    header.set(base256, 124);
    const sum = header
      .subarray(0, 512)
      .reduce((total, byte, index) => total + (index >= 148 && index < 156 ? 32 : byte), 0);
    header.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148, 8);
    expect(await list(header)).toEqual([['file', 'b', 'xyz']]);
  });

  it('is read if the content of members is skipped', async () => {
    const bytes = tar([
      { name: 'a', content: 'x'.repeat(5000) },
      { name: 'b', content: 'y' },
    ]);
    expect(await names(bytes)).toEqual(['a', 'b']);
  });

  it('may consist of several zstd frames, in parts of any size', async () => {
    const bytes = tar([{ name: 'a', content: 'x'.repeat(300_000) }, { name: 'b' }]);
    const frames = [0, 1000, 200_000].map((start, index, starts) =>
      zstdCompressSync(bytes.subarray(start, starts[index + 1])),
    );
    const packed = Buffer.concat(frames);
    for (const cut of [0, 10, frames[0]?.length ?? 0, packed.length - 5, packed.length])
      expect(await names(packed, cut, 'zstd')).toEqual(['a', 'b']);
    await expect(
      names(Buffer.concat([frames[0] ?? packed, Buffer.from('text')]), 0, 'zstd'),
    ).rejects.toThrow('it is not a complete zstd file');
  });

  it('is read unchanged from parts of any size', async () => {
    const member = fc.record({
      name: fc.stringMatching(/^[a-z]{1,8}(\/[a-z]{1,8}){0,3}$/),
      content: fc.string({ maxLength: 1500 }),
    });
    const members = fc.uniqueArray(member, { selector: ({ name }) => name });
    // The first part of the bytes is read by itself only if it is as long as a piece.
    const first = { name: '0', content: 'x'.repeat(pieceSize) };
    await fc.assert(
      fc.asyncProperty(members, fc.nat(8000), async (others, cut) => {
        const all = [first, ...others];
        expect(await list(tar(all), pieceSize + cut)).toEqual(
          all.map(({ name, content }) => ['file', name, content]),
        );
      }),
      { numRuns: 50 },
    );
  });
});
