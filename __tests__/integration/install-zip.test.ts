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

/** Returns the content of `tbot.exe` or the error. No other file may remain in the folder. */
async function outcome(bytes: Buffer, digests = [sha256(bytes)]): Promise<string> {
  const target = join(folder, 'tbot.exe');
  const wanted = new Map([['tbot.exe', target]]);
  const check = (digest: string): void => {
    if (!digests.includes(digest)) throw new BadArchive('its digest does not match');
  };
  const { outcome: found } = await extractZip(
    once(bytes),
    wanted,
    join(folder, 'part'),
    check,
  ).catch((thrown: unknown) => {
    if (thrown instanceof BadArchive) return { outcome: thrown };
    throw thrown;
  });
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

  it.each(['stored', 'deflated'] as const)('is extracted: %s', async (method) => {
    expect(await outcome(zip([tsh, { ...tbot, method }, tsh]))).toBe(tbot.content);
  });

  it('may have an empty member and a comment at the end', async () => {
    const bytes = zip([{ name: 'tbot.exe', content: '' }], { comment: 'by Teleport' });
    expect(await outcome(bytes)).toBe('');
  });

  it.each([
    ['a relative name', { name: '../x', content: '' }],
    ['an absolute name', { name: 'C:/x', content: '' }],
    ['a link', { name: 'x', content: '', attributes: 0xa1ff0000 }],
    ['encryption', { name: 'x', content: '', flags: 1 }],
    ['an unknown compression', { name: 'x', content: '', methodNumber: 12 }],
  ] as const)('may contain another member with %s, which is not written', async (_, other) => {
    expect(await outcome(zip([other, tbot]))).toBe(tbot.content);
  });

  it('is not read if its digest does not match', async () => {
    expect(await outcome(zip([tbot]), ['0'.repeat(64)])).toContain('digest');
  });

  const cases: [string, () => Buffer, string][] = [
    ['without tbot', () => zip([tsh]), 'does not contain `tbot.exe`'],
    ['with two tbots', () => zip([tbot, tbot]), 'twice'],
    ['a link', () => zip([{ ...tbot, attributes: 0xa1ff0000 }]), 'not a regular file'],
    ['encrypted', () => zip([{ ...tbot, flags: 1 }]), 'encrypted'],
    ['an unknown method', () => zip([{ ...tbot, methodNumber: 12 }]), 'unsupported compression'],
    ['larger than in its header', () => zip([{ ...tbot, size: 10 }]), 'does not match its header'],
    [
      'smaller than in its header',
      () => zip([{ ...tbot, size: 10_000 }]),
      'does not match its header',
    ],
    ['too large', () => zip([{ ...tbot, size: 0xf0000000 }]), 'larger than 1 GiB'],
    ['two names', () => zip([{ ...tbot, localName: 'evil.exe' }]), 'contradict'],
    ['an offset outside', () => zip([{ ...tbot, offset: 0x7fffffff }]), 'outside'],
    ['a wrong offset', () => zip([{ ...tbot, offset: 3 }]), 'corrupt'],
    ['corrupt in the middle', () => zip([{ ...tbot, corrupt: true }]), 'decompress'],
    ['truncated', () => zip([tbot]).subarray(0, 60), 'not a complete zip'],
    ['of several parts', () => zip([tbot], { disks: 1 }), 'multi-part archive'],
    ['a wrong number of entries', () => zip([tbot], { count: 2 }), 'corrupt'],
    ['too many entries', () => zip([tbot], { count: 5000 }), 'corrupt'],
  ];
  it.each(cases)('is rejected: %s', async (_, bytes, words) => {
    expect(await outcome(bytes())).toContain(words);
  });
});
