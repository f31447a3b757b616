import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { headSize, readBinary } from '../../src/install/binary.ts';

/** An ELF header with one PT_LOAD and, where wanted, one PT_INTERP. */
function elf(options: {
  readonly machine: number;
  readonly wide?: boolean;
  readonly big?: boolean;
  readonly loader?: { readonly offset: number; readonly size: number };
}): Uint8Array {
  const { wide = true, big = false } = options;
  const bytes = Buffer.alloc(512);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const word = (offset: number, value: number): void =>
    wide ? view.setBigUint64(offset, BigInt(value), !big) : view.setUint32(offset, value, !big);
  bytes.set([0x7f, 0x45, 0x4c, 0x46, wide ? 2 : 1, big ? 2 : 1, 1]);
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

describe('what a file is', () => {
  it('is unknown when it says to be longer than any file', () => {
    for (const loader of [
      { offset: 2 ** 60, size: 1 },
      { offset: 1, size: 2 ** 60 },
    ])
      expect(readBinary(elf({ machine: 62, loader }))).toEqual({ kind: 'unknown' });
  });

  it.each([
    ['x64', 62, true, false],
    ['arm64', 183, true, false],
    ['arm', 40, false, false],
    ['ia32', 3, false, false],
    ['s390x', 22, true, true],
    [undefined, 9999, true, false],
  ])('an ELF program for %s', (arch, machine, wide, big) => {
    const loader = { offset: 400, size: 28 };
    expect(readBinary(elf({ machine, wide, big, loader }))).toEqual({ kind: 'elf', arch, loader });
    expect(readBinary(elf({ machine, wide, big }))).toEqual({
      kind: 'elf',
      arch,
      loader: undefined,
    });
  });

  it.each([
    ['mach-o', [0xcf, 0xfa, 0xed, 0xfe]],
    ['mach-o', [0xca, 0xfe, 0xba, 0xbe]],
    ['pe', [0x4d, 0x5a, 0x90, 0x00]],
    ['gzip', [0x1f, 0x8b, 0x08, 0x00]],
    ['script', [...Buffer.from('#!/bin/sh\n')]],
    ['script', [...Buffer.from('#!')]],
    ['page', [...Buffer.from('<!DOCTYPE html>')]],
    ['page', [...Buffer.from('\n <HTML>')]],
    ['unknown', [...Buffer.from('Not Found')]],
    ['unknown', [0x7f, 0x45, 0x4c, 0x46]],
    ['empty', []],
  ])('%s', (kind, bytes) => {
    expect(readBinary(Uint8Array.from(bytes))).toEqual({ kind });
  });

  it('any bytes at all have a kind', () => {
    const noise = fc.uint8Array({ maxLength: headSize });
    const torn = fc
      .tuple(fc.nat(511), noise)
      .map(([cut, logTail]) =>
        Buffer.concat([
          elf({ machine: 62, loader: { offset: 1, size: 1 } }).subarray(0, cut),
          logTail,
        ]),
      );
    fc.assert(
      fc.property(fc.oneof(noise, torn), (bytes) => {
        expect(readBinary(bytes).kind).not.toBe('');
      }),
    );
  });
});
