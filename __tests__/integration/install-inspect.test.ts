import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import * as fc from 'fast-check';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';

import { openFixture, type Fixture } from './install.fixture.ts';

let fixture: Fixture;

beforeAll(async () => {
  fixture = await openFixture();
});
beforeEach(async () => fixture.next());
afterAll(async () => fixture[Symbol.asyncDispose]());

type Platform = 'linux' | 'darwin' | 'win32';

/** Returns why a file with these bytes cannot be used as tbot. */
async function defect(
  bytes: Uint8Array | string,
  [platform, arch]: readonly [Platform, string],
  mode = 0o755,
): Promise<string> {
  const path = join(fixture.directory, `file-${Math.random().toString(36).slice(2)}`);
  await writeFile(path, bytes, { mode });
  const { code, message } = await fixture.problem({ platform, arch, inputs: { tbotPath: path } });
  expect(code).toBe('tbot');
  return message.replace(`${path} cannot be used as tbot: `, '');
}

/** The messages after an inspection without a defect: the file is started, and that fails. */
const started = /^`tbot version` |^the operating system cannot start it/;

const foreign = (platform: Platform): RegExp =>
  new RegExp(`^it is not a program for this system \\(${platform} arm64\\)\\.$`);

describe('the inspection of a file', () => {
  it.each([
    ['a script', '#!/bin/sh\n', 'linux', started],
    // The error depends on the kernel.
    [
      'a script without an interpreter',
      '#!',
      'linux',
      /^(this user has no|the operating system cannot)/,
    ],
    ['a script', '#!/bin/sh\n', 'win32', foreign('win32')],
    ['Mach-O', Buffer.from('cffaedfe', 'hex'), 'darwin', started],
    ['Mach-O for several processors', Buffer.from('cafebabe00000002', 'hex'), 'darwin', started],
    ['Mach-O', Buffer.from('cffaedfe', 'hex'), 'linux', foreign('linux')],
    ['Mach-O for several processors', Buffer.from('cafebabe', 'hex'), 'linux', foreign('linux')],
    ['PE', Buffer.from('4d5a9000', 'hex'), 'win32', started],
    ['PE', Buffer.from('4d5a9000', 'hex'), 'darwin', foreign('darwin')],
    [
      'gzip',
      Buffer.from('1f8b0800', 'hex'),
      'linux',
      /^it is an archive that must be unpacked first\.$/,
    ],
    ['a web page', '<!DOCTYPE html>', 'linux', /^it is a web page, not a program\.$/],
    ['a web page', '<!doctype html>', 'linux', /^it is a web page, not a program\.$/],
    ['a web page after white space', '\n <HTML>', 'linux', /^it is a web page, not a program\.$/],
    ['text', 'Not Found', 'linux', foreign('linux')],
    ['half a header', Buffer.from('7f454c46', 'hex'), 'linux', foreign('linux')],
    ['an empty file', '', 'linux', /^it is empty\.$/],
  ] as const)('identifies %s: %j on %s', async (_, bytes, platform, expected) => {
    expect(await defect(bytes, [platform, 'arm64'])).toMatch(expected);
  });

  it('requires the executable bit, except on Windows', async () => {
    expect(await defect('#!/bin/sh\n', ['linux', 'arm64'], 0o644)).toContain('run `chmod +x`');
    expect(await defect('Not Found', ['win32', 'arm64'], 0o644)).toMatch(foreign('win32'));
  });
});

interface ElfOptions {
  readonly machine: number;
  readonly wide?: boolean;
  readonly big?: boolean;
  readonly loader?: { readonly offset: number; readonly size: number };
}

/** Returns an ELF header with one PT_LOAD and an optional PT_INTERP. */
function elf(options: ElfOptions): Uint8Array {
  const { wide = true, big = false } = options;
  const bytes = Buffer.alloc(512);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const word = (offset: number, value: number): void =>
    wide ? view.setBigUint64(offset, BigInt(value), !big) : view.setUint32(offset, value, !big);
  bytes.set([0x7f, 0x45, 0x4c, 0x46, wide ? 2 : 1, big ? 2 : 1, 1]);
  // A shell runs a program that the kernel rejects, and must not reach the bytes below.
  bytes.write('\nexit 7\n', 8);
  view.setUint16(18, options.machine, !big);
  const start = wide ? 64 : 52;
  const size = wide ? 56 : 32;
  word(wide ? 32 : 28, start);
  view.setUint16(wide ? 54 : 42, size, !big);
  view.setUint16(wide ? 56 : 44, options.loader ? 2 : 1, !big);
  view.setUint32(start, 1, !big);
  if (options.loader) {
    view.setUint32(start + size, 3, !big);
    word(start + size + (wide ? 8 : 4), options.loader.offset);
    word(start + size + (wide ? 32 : 16), options.loader.size);
  }
  return bytes;
}

/** Returns an ELF program with a loader, whose path ends before the following bytes. */
function withLoader(options: ElfOptions, path: string): Uint8Array {
  const bytes = Buffer.from(elf({ ...options, loader: { offset: 400, size: path.length } }));
  bytes.write(`${path}/beyond`, 400);
  return bytes;
}

describe('the inspection of an ELF program', () => {
  const loader = '/nowhere/ld-linux-of-a-test.so';

  it.each([
    ['x64', 62, true, false],
    ['arm64', 183, true, false],
    ['arm', 40, false, false],
    ['ia32', 3, false, false],
    ['s390x', 22, true, true],
  ] as const)('compares the architecture %s', async (arch, machine, wide, big) => {
    const options = { machine, wide, big };
    const other = `it is built for ${arch}, but this runner is loong64.`;
    for (const bytes of [elf(options), withLoader(options, loader)])
      expect(await defect(bytes, ['linux', 'loong64'])).toBe(other);
    expect(await defect(elf(options), ['linux', arch])).toMatch(started);
    expect(await defect(withLoader(options, loader), ['linux', arch])).toContain(
      `it requires the loader ${loader}, which does not exist here`,
    );
    // A NUL can follow the path.
    expect(await defect(withLoader(options, `${loader}\0x`), ['linux', arch])).toContain(
      `${loader},`,
    );
  });

  it('reports an architecture that Node does not support', async () => {
    for (const bytes of [elf({ machine: 9999 }), withLoader({ machine: 9999 }, loader)])
      expect(await defect(bytes, ['linux', 'x64'])).toBe(
        'it is built for another architecture, but this runner is x64.',
      );
  });

  it('rejects a header with an impossible length', async () => {
    for (const loaderAt of [
      { offset: 2 ** 60, size: 1 },
      { offset: 1, size: 2 ** 60 },
    ])
      expect(await defect(elf({ machine: 62, loader: loaderAt }), ['linux', 'arm64'])).toMatch(
        foreign('linux'),
      );
  });

  it('accepts any bytes without an error', async () => {
    const noise = fc.uint8Array({ maxLength: 8192 });
    const whole = elf({ machine: 62, loader: { offset: 1, size: 1 } });
    const torn = fc
      .tuple(fc.nat(511), noise)
      .map(([cut, tail]) => Buffer.concat([whole.subarray(0, cut), tail]));
    await fc.assert(
      fc.asyncProperty(fc.oneof(noise, torn), async (bytes) => {
        // The mode is ignored on Windows, and it prevents that the file is started here.
        expect(await defect(bytes, ['win32', 'x64'], 0o600)).toMatch(/^(it is|this user has no)/);
      }),
    );
  });
});
