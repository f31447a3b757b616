import { copyFile, open as openFile, readFile, symlink } from 'node:fs/promises';
import { join } from 'node:path';

import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';

import { type Change, openFixture, type Fixture } from './install.fixture.ts';

let fixture: Fixture;

beforeAll(async () => {
  fixture = await openFixture();
});
beforeEach(async () => fixture.next());
afterAll(async () => fixture[Symbol.asyncDispose]());

const at = (tbotPath: string): Change => ({ inputs: { tbotPath } });

async function patched(offset: number, bytes: Uint8Array): Promise<string> {
  const path = join(fixture.directory, 'patched');
  await copyFile('/bin/true', path);
  const handle = await openFile(path, 'r+');
  await handle.write(bytes, 0, bytes.length, offset);
  await handle.close();
  return path;
}

/** /bin/true of this machine, with its loader's name replaced by one that is not there. */
async function withoutLoader(): Promise<string> {
  const path = await patched(0, Buffer.from([0x7f]));
  const content = await readFile(path);
  const loader = content.indexOf('/lib64/ld-linux-x86-64.so.2');
  if (loader < 0) throw new Error('/bin/true has no loader');
  return patched(loader, Buffer.from('/lib64/ld-nowhere'));
}

describe('a file that cannot be tbot', () => {
  const cases: [string, () => Promise<string> | string, string][] = [
    ['nothing there', () => join(fixture.directory, 'none'), 'no such file'],
    ['a file as a folder', async () => join(await fixture.says('1'), 'tbot'), 'no such file'],
    ['a folder', () => fixture.directory, 'folder'],
    ['a device', () => '/dev/null', 'not a file'],
    ['not executable', () => fixture.script('#!/bin/sh\n', 0o644), 'not executable'],
    ['empty', () => fixture.script(''), 'empty'],
    ['a web page', () => fixture.script('<!DOCTYPE html><title>404</title>'), 'web page'],
    ['an archive', () => fixture.script('\u001f'), 'not a program'],
    ['text', () => fixture.script('Not Found'), 'not a program for this system'],
    ['a program for Windows', () => fixture.script('MZ..'), 'not a program for this system'],
    ['another processor', () => patched(18, Buffer.from([183, 0])), 'for arm64'],
    ['an unheard-of processor', () => patched(18, Buffer.from([0xfe, 0xfe])), 'another processor'],
    ['a loader that is missing (musl)', withoutLoader, 'ld-nowhere'],
    [
      'an interpreter that is missing',
      () => fixture.script('#!/no/such/sh\n'),
      'interpreter or loader',
    ],
    ['exit code', () => fixture.script('#!/bin/sh\necho "no libs" >&2; exit 4\n'), 'exit code 4'],
    ['killed', () => fixture.script('#!/bin/sh\nkill -KILL $$\n'), 'SIGKILL'],
    ['another program', () => fixture.script('#!/bin/sh\necho curl 8.5\n'), 'names no version'],
    ['nonsense', () => fixture.script('#!/bin/sh\necho v1.2.3-\n'), 'names no version'],
  ];
  it.each(cases)('%s', async (_, path, words) => {
    const found = await fixture.problem(at(await path()));
    expect(found).toMatchObject({ code: 'tbot', message: expect.stringContaining(words) });
  });

  it('shows what it said', async () => {
    const found = await fixture.problem(
      at(await fixture.script('#!/bin/sh\necho "no libs" >&2; exit 4\n')),
    );
    expect(found.log).toEqual(['no libs']);
  });

  it('one that does not end', async () => {
    const path = await fixture.script('#!/bin/sh\nsleep 300\n');
    const found = await fixture.problem({ ...at(path), versionDeadline: 200 });
    expect(found).toMatchObject({
      code: 'tbot',
      message: expect.stringContaining('did not end in time'),
    });
  });

  it('one that is being written', async () => {
    const path = await patched(0, Buffer.from([0x7f]));
    const writer = await openFile(path, 'r+');
    const found = await fixture.problem(at(path));
    await writer.close();
    expect(found).toMatchObject({ code: 'tbot', message: expect.stringContaining('writing') });
  });

  it('a link to itself', async () => {
    const path = join(fixture.directory, 'loop');
    await symlink(path, path);
    const found = await fixture.problem(at(path));
    expect(found).toMatchObject({ message: expect.stringContaining('link to itself') });
  });

  it('a Linux program on another system', async () => {
    for (const platform of ['darwin', 'win32'] as const)
      expect(await fixture.problem({ ...at('/bin/true'), platform })).toMatchObject({
        code: 'tbot',
      });
  });

  it('sees nothing secret of ours', async () => {
    const path = await fixture.script('#!/bin/sh\nenv >&2; exit 1\n');
    const env = { PATH: '/usr/bin:/bin', HOME: '/root', INPUT_TOKEN: 'x', ACTIONS_TOKEN: 'x' };
    const found = await fixture.problem({ ...at(path), env });
    expect(found.log.filter((line) => !/^(PATH|HOME|PWD|_|SHLVL|OLDPWD)=/.test(line))).toEqual([]);
  });
});
