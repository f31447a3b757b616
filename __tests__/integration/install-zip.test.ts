import { createHash } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { BadArchive } from '../../src/install/archive/archive.ts';
import { extractZip } from '../../src/install/archive/zip.ts';
import { zip, type ZipMember } from '../../testbed/downloads/zip.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'zip-'));
});
afterEach(async () => rm(folder, { recursive: true, force: true }));

const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes.subarray(0, 10);
  yield bytes.subarray(10);
}

/** What becomes of `tbot.exe` in an archive; nothing else may be left in the folder. */
async function outcome(bytes: Buffer, digests = [sha256(bytes)]): Promise<string> {
  const target = join(folder, 'tbot.exe');
  const wanted = new Map([['tbot.exe', target]]);
  const { outcome: found } = await extractZip(once(bytes), wanted, join(folder, 'part'), digests);
  const left = (await readdir(folder)).filter((name) => name !== 'tbot.exe');
  expect(left).toEqual([]);
  if (found instanceof BadArchive) return found.message;
  const text = await readFile(target, 'utf8');
  expect(found.digests.get('tbot.exe')).toBe(sha256(Buffer.from(text)));
  return text;
}

describe('a zip archive', () => {
  const tbot: ZipMember = { name: 'tbot.exe', content: 'MZ tbot'.repeat(1000) };
  const tsh: ZipMember = { name: 'tsh.exe', content: 'MZ tsh' };

  it.each(['stored', 'deflated'] as const)('gives the wanted member, %s', async (method) => {
    expect(await outcome(zip([tsh, { ...tbot, method }, tsh]))).toBe(tbot.content);
  });

  it('an empty member, a comment at the end', async () => {
    const bytes = zip([{ name: 'tbot.exe', content: '' }], { comment: 'by Teleport' });
    expect(await outcome(bytes)).toBe('');
  });

  it.each([
    ['a name that leads outside', { name: '../x', content: '' }],
    ['an absolute name', { name: 'C:/x', content: '' }],
    ['a link', { name: 'x', content: '', attributes: 0xa1ff0000 }],
    ['encryption', { name: 'x', content: '', flags: 1 }],
    ['an unknown compression', { name: 'x', content: '', methodNumber: 12 }],
  ] as const)('ignores another member with %s, and does not write it', async (_, other) => {
    expect(await outcome(zip([other, tbot]))).toBe(tbot.content);
  });

  it('of another digest is not looked into', async () => {
    expect(await outcome(zip([tbot]), ['0'.repeat(64)])).toContain('digest');
  });

  const cases: [string, () => Buffer, string][] = [
    ['without it', () => zip([tsh]), 'no `tbot.exe`'],
    ['with two of it', () => zip([tbot, tbot]), 'twice'],
    ['a link', () => zip([{ ...tbot, attributes: 0xa1ff0000 }]), 'link'],
    ['encrypted', () => zip([{ ...tbot, flags: 1 }]), 'encrypted'],
    ['an unknown method', () => zip([{ ...tbot, methodNumber: 12 }]), 'unknown way'],
    ['larger than it says', () => zip([{ ...tbot, size: 10 }]), 'another size'],
    ['smaller than it says', () => zip([{ ...tbot, size: 10_000 }]), 'another size'],
    ['absurdly large', () => zip([{ ...tbot, size: 0xf0000000 }]), 'absurdly large'],
    ['two names', () => zip([{ ...tbot, localName: 'evil.exe' }]), 'contradict'],
    ['an offset outside', () => zip([{ ...tbot, offset: 0x7fffffff }]), 'outside'],
    ['an offset at something else', () => zip([{ ...tbot, offset: 3 }]), 'damaged'],
    ['damaged in the middle', () => zip([{ ...tbot, corrupt: true }]), 'decompress'],
    ['cut', () => zip([tbot]).subarray(0, 60), 'not a whole zip'],
    ['of several parts', () => zip([tbot], { disks: 1 }), 'several parts'],
    ['a table that is none', () => zip([tbot], { count: 2 }), 'damaged'],
    ['far too many entries', () => zip([tbot], { count: 5000 }), 'damaged'],
  ];
  it.each(cases)('%s', async (_, bytes, words) => {
    expect(await outcome(bytes())).toContain(words);
  });
});
