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

/** Why a file with these bytes is not run as tbot. */
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

/** What follows an inspection that found nothing: the file is started, whatever this machine is. */
const started = /^`tbot version` |^the system refuses to start it/;

const foreign = (platform: Platform): RegExp =>
  new RegExp(`^it is not a program for this system \\(${platform} arm64\\)\\.$`);

describe('a file that should be a program', () => {
  it.each([
    ['a script', '#!/bin/sh\n', 'linux', started],
    // The kernel decides which error that is.
    ['a script without an interpreter', '#!', 'linux', /^(this user may not|the system refuses)/],
    ['a script', '#!/bin/sh\n', 'win32', foreign('win32')],
    ['Mach-O', Buffer.from('cffaedfe', 'hex'), 'darwin', started],
    ['Mach-O for several processors', Buffer.from('cafebabe00000002', 'hex'), 'darwin', started],
    ['Mach-O', Buffer.from('cffaedfe', 'hex'), 'linux', foreign('linux')],
    ['Mach-O for several processors', Buffer.from('cafebabe', 'hex'), 'linux', foreign('linux')],
    ['PE', Buffer.from('4d5a9000', 'hex'), 'win32', started],
    ['PE', Buffer.from('4d5a9000', 'hex'), 'darwin', foreign('darwin')],
    ['gzip', Buffer.from('1f8b0800', 'hex'), 'linux', /^it is an archive; unpack it first\.$/],
    ['a page', '<!DOCTYPE html>', 'linux', /^it is a web page, not a program\.$/],
    ['a page', '<!doctype html>', 'linux', /^it is a web page, not a program\.$/],
    ['a page after blanks', '\n <HTML>', 'linux', /^it is a web page, not a program\.$/],
    ['text', 'Not Found', 'linux', foreign('linux')],
    ['half a header', Buffer.from('7f454c46', 'hex'), 'linux', foreign('linux')],
    ['nothing', '', 'linux', /^it is empty\.$/],
  ] as const)('%s: %j on %s', async (_, bytes, platform, expected) => {
    expect(await defect(bytes, [platform, 'arm64'])).toMatch(expected);
  });

  it('needs to be executable, except on Windows', async () => {
    expect(await defect('#!/bin/sh\n', ['linux', 'arm64'], 0o644)).toContain('chmod +x is missing');
    expect(await defect('Not Found', ['win32', 'arm64'], 0o644)).toMatch(foreign('win32'));
  });
});

interface ElfOptions {
  readonly machine: number;
  readonly wide?: boolean;
  readonly big?: boolean;
  readonly loader?: { readonly offset: number; readonly size: number };
}

/** An ELF header with one PT_LOAD and, where wanted, one PT_INTERP. */
function elf(options: ElfOptions): Uint8Array {
  const { wide = true, big = false } = options;
  const bytes = Buffer.alloc(512);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const word = (offset: number, value: number): void =>
    wide ? view.setBigUint64(offset, BigInt(value), !big) : view.setUint32(offset, value, !big);
  bytes.set([0x7f, 0x45, 0x4c, 0x46, wide ? 2 : 1, big ? 2 : 1, 1]);
  // A program that the kernel refuses is run by a shell, which must not get to the bytes below.
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

/** One with a loader's path, which ends where the header says it does. */
function withLoader(options: ElfOptions, path: string): Uint8Array {
  const bytes = Buffer.from(elf({ ...options, loader: { offset: 400, size: path.length } }));
  bytes.write(`${path}/beyond`, 400);
  return bytes;
}

describe('an ELF program', () => {
  const loader = '/nowhere/ld-linux-of-a-test.so';

  it.each([
    ['x64', 62, true, false],
    ['arm64', 183, true, false],
    ['arm', 40, false, false],
    ['ia32', 3, false, false],
    ['s390x', 22, true, true],
  ] as const)('for %s', async (arch, machine, wide, big) => {
    const options = { machine, wide, big };
    const other = `it is a program for ${arch}, and this machine is loong64.`;
    for (const bytes of [elf(options), withLoader(options, loader)])
      expect(await defect(bytes, ['linux', 'loong64'])).toBe(other);
    expect(await defect(elf(options), ['linux', arch])).toMatch(started);
    expect(await defect(withLoader(options, loader), ['linux', arch])).toContain(
      `it needs the loader ${loader}, which this system does not have`,
    );
    // Its path may be followed by a NUL.
    expect(await defect(withLoader(options, `${loader}\0x`), ['linux', arch])).toContain(
      `${loader},`,
    );
  });

  it('for a processor that Node does not know', async () => {
    for (const bytes of [elf({ machine: 9999 }), withLoader({ machine: 9999 }, loader)])
      expect(await defect(bytes, ['linux', 'x64'])).toBe(
        'it is a program for another processor, and this machine is x64.',
      );
  });

  it('is not a program if its header claims an impossible length', async () => {
    for (const loaderAt of [
      { offset: 2 ** 60, size: 1 },
      { offset: 1, size: 2 ** 60 },
    ])
      expect(await defect(elf({ machine: 62, loader: loaderAt }), ['linux', 'arm64'])).toMatch(
        foreign('linux'),
      );
  });

  it('and any other bytes are inspected without an error', async () => {
    const noise = fc.uint8Array({ maxLength: 8192 });
    const whole = elf({ machine: 62, loader: { offset: 1, size: 1 } });
    const torn = fc
      .tuple(fc.nat(511), noise)
      .map(([cut, tail]) => Buffer.concat([whole.subarray(0, cut), tail]));
    await fc.assert(
      fc.asyncProperty(fc.oneof(noise, torn), async (bytes) => {
        // On Windows the mode is of no account, and without it nothing can be started here.
        expect(await defect(bytes, ['win32', 'x64'], 0o600)).toMatch(/^(it is|this user may not)/);
      }),
    );
  });
});
