import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join, relative } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { exists, findOnPath, isTaken } from '../../src/files/files.ts';

let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'files-'));
});
afterEach(async () => {
  await rm(folder, { recursive: true });
});

describe('exists and isTaken', () => {
  it('differ for a broken link', async () => {
    await writeFile(join(folder, 'file'), '');
    await symlink(join(folder, 'nowhere'), join(folder, 'link'));
    const names = ['file', 'link', 'nowhere'].map((name) => join(folder, name));
    expect(await Promise.all(names.map(exists))).toEqual([true, false, false]);
    expect(await Promise.all(names.map(isTaken))).toEqual([true, true, false]);
  });
});

describe('findOnPath', () => {
  it('returns the first executable file in an absolute folder', async () => {
    for (const name of ['a', 'b', 'c']) await mkdir(join(folder, name));
    await writeFile(join(folder, 'a', 'tctl'), '', { mode: 0o600 });
    await mkdir(join(folder, 'b', 'tctl'));
    await writeFile(join(folder, 'c', 'tctl'), '', { mode: 0o755 });
    const path = ['a', 'b', 'c'].map((name) => join(folder, name)).join(delimiter);
    const found = join(folder, 'c', 'tctl');
    expect(await findOnPath('tctl', { PATH: path }, 'linux')).toBe(found);
    expect(await findOnPath('tctl', { Path: path }, 'linux')).toBe(found);
    const near = relative(process.cwd(), join(folder, 'c'));
    expect(await findOnPath('tctl', { PATH: near }, 'linux')).toBeUndefined();
    expect(await findOnPath('tctl', {}, 'linux')).toBeUndefined();
  });
});
