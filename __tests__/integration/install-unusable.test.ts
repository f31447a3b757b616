import { copyFile, open as openFile, readFile, symlink } from 'node:fs/promises';
import { join } from 'node:path';

import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';

import { needs } from '../requirements.ts';
import { type Change, openFixture, type Fixture } from './install.fixture.ts';

let fixture: Fixture;

beforeAll(async () => {
  fixture = await openFixture();
});
beforeEach(async () => fixture.next());
afterAll(async () => fixture[Symbol.asyncDispose]());

const at = (tbotPath: string): Change => ({ inputs: { tbotPath }, arch: process.arch });

async function patched(offset: number, bytes: Uint8Array): Promise<string> {
  const path = join(fixture.directory, 'patched');
  await copyFile('/bin/true', path);
  const handle = await openFile(path, 'r+');
  await handle.write(bytes, 0, bytes.length, offset);
  await handle.close();
  return path;
}

/** Returns a copy of /bin/true whose loader does not exist. */
async function withoutLoader(): Promise<string> {
  const path = await patched(0, Buffer.from([0x7f]));
  const content = await readFile(path);
  const loader = content.toString('latin1').search(/\/lib(64)?\/ld-linux/);
  if (loader < 0) throw new Error('/bin/true has no loader');
  return patched(loader, Buffer.from('/lib/ld-nowhere\0'));
}

describe('a file that cannot be used as tbot', needs('linux'), () => {
  const cases: [string, () => Promise<string> | string, string][] = [
    ['missing', () => join(fixture.directory, 'none'), 'the file does not exist'],
    [
      'below a file',
      async () => join(await fixture.fakeTbot('1'), 'tbot'),
      'the file does not exist',
    ],
    ['a directory', () => fixture.directory, 'directory'],
    ['a device', () => '/dev/null', 'not a regular file'],
    ['not executable', () => fixture.script('#!/bin/sh\n', 0o644), 'not executable'],
    ['empty', () => fixture.script(''), 'empty'],
    ['a web page', () => fixture.script('<!DOCTYPE html><title>404</title>'), 'web page'],
    ['an archive', () => fixture.script('\u001f'), 'not a program'],
    ['text', () => fixture.script('Not Found'), 'not a program for this system'],
    ['a program for Windows', () => fixture.script('MZ..'), 'not a program for this system'],
    ['another architecture', () => patched(18, Buffer.from([243, 0])), 'built for riscv64'],
    [
      'an unknown architecture',
      () => patched(18, Buffer.from([0xfe, 0xfe])),
      'another architecture',
    ],
    ['a missing loader (musl)', withoutLoader, 'ld-nowhere'],
    ['a missing interpreter', () => fixture.script('#!/no/such/sh\n'), 'interpreter or loader'],
    [
      'a failing program',
      () => fixture.script('#!/bin/sh\necho "no libs" >&2; exit 4\n'),
      'exit code 4',
    ],
    ['a killed program', () => fixture.script('#!/bin/sh\nkill -KILL $$\n'), 'SIGKILL'],
    [
      'another program',
      () => fixture.script('#!/bin/sh\necho curl 8.5\n'),
      'did not print a version',
    ],
    [
      'an invalid version',
      () => fixture.script('#!/bin/sh\necho v1.2.3-\n'),
      'did not print a version',
    ],
  ];
  it.each(cases)('is rejected: %s', async (_, path, words) => {
    const found = await fixture.problem(at(await path()));
    expect(found).toMatchObject({ code: 'tbot', message: expect.stringContaining(words) });
  });

  it('is rejected with its output', async () => {
    const found = await fixture.problem(
      at(await fixture.script('#!/bin/sh\necho "no libs" >&2; exit 4\n')),
    );
    expect(found.log).toEqual(['no libs']);
  });

  it('is rejected if it does not exit', async () => {
    const path = await fixture.script('#!/bin/sh\nsleep 300\n');
    const found = await fixture.problem({ ...at(path), versionDeadline: 200 });
    expect(found).toMatchObject({
      code: 'tbot',
      message: expect.stringContaining('timed out'),
    });
  });

  it('is rejected while another process writes to it', async () => {
    const path = await patched(0, Buffer.from([0x7f]));
    const writer = await openFile(path, 'r+');
    const found = await fixture.problem(at(path));
    await writer.close();
    expect(found).toMatchObject({ code: 'tbot', message: expect.stringContaining('writing') });
  });

  it('is rejected: a link to itself', async () => {
    const path = join(fixture.directory, 'loop');
    await symlink(path, path);
    const found = await fixture.problem(at(path));
    expect(found).toMatchObject({ message: expect.stringContaining('link to itself') });
  });

  it('is rejected: a Linux program on another system', async () => {
    for (const platform of ['darwin', 'win32'] as const)
      expect(await fixture.problem({ ...at('/bin/true'), platform })).toMatchObject({
        code: 'tbot',
      });
  });

  it('is run without secrets in its environment', async () => {
    const path = await fixture.script('#!/bin/sh\nenv >&2; exit 1\n');
    const env = { PATH: '/usr/bin:/bin', HOME: '/root', INPUT_TOKEN: 'x', ACTIONS_TOKEN: 'x' };
    const found = await fixture.problem({ ...at(path), env });
    expect(found.log.filter((line) => !/^(PATH|HOME|PWD|_|SHLVL|OLDPWD)=/.test(line))).toEqual([]);
  });
});
