import { mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { inspectBinary } from '../../src/install/inspect.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'inspect-'));
});
afterAll(async () => rm(folder, { recursive: true }));

const heads = {
  script: Buffer.from('#!/bin/sh\n'),
  'mach-o': Buffer.from('cafebabe00000002', 'hex'),
  pe: Buffer.from('MZ\u0090\u0000', 'latin1'),
  gzip: Buffer.from('1f8b0800', 'hex'),
  page: Buffer.from('<!doctype html>'),
  empty: Buffer.alloc(0),
};

async function defect(kind: keyof typeof heads, platform: string, mode = 0o755): Promise<unknown> {
  const path = join(folder, `${kind}-${platform}-${mode}`);
  await writeFile(path, heads[kind], { mode });
  return inspectBinary(path, { platform, arch: 'arm64' });
}

describe('a file that should be a program', () => {
  it.each([
    ['script', 'linux', undefined],
    ['script', 'win32', 'it is not a program for this system (win32 arm64)'],
    ['mach-o', 'darwin', undefined],
    ['mach-o', 'linux', 'it is not a program for this system (linux arm64)'],
    ['pe', 'win32', undefined],
    ['pe', 'darwin', 'it is not a program for this system (darwin arm64)'],
    ['gzip', 'linux', 'it is an archive; unpack it first'],
    ['page', 'linux', 'it is a web page, not a program'],
    ['empty', 'linux', 'it is empty'],
  ] as const)('%s on %s: %s', async (kind, platform, expected) => {
    expect(await defect(kind, platform)).toBe(expected);
  });

  it('needs to be executable, except on Windows', async () => {
    expect(await defect('script', 'linux', 0o644)).toContain('chmod +x is missing');
  });

  it('needs to be there', async () => {
    const file = join(folder, 'file');
    await writeFile(file, '');
    await symlink('loop', join(folder, 'loop'));
    const machine = { platform: 'linux', arch: 'x64' };
    expect(await inspectBinary(join(folder, 'none'), machine)).toBe('there is no such file');
    expect(await inspectBinary(join(file, 'below'), machine)).toBe('there is no such file');
    expect(await inspectBinary(join(folder, 'loop'), machine)).toBe('it is a link to itself');
    expect(await inspectBinary(folder, machine)).toBe('it is a folder');
    expect(await inspectBinary('/dev/null', machine)).toBe('it is not a file');
  });
});
