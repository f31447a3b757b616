import { readFileSync } from 'node:fs';
import { constants, crc32, deflateRawSync, gzipSync } from 'node:zlib';
import { tar } from '../../testbed/downloads/tar.ts';

/** The position of tbot in an archive. */
export type Order = 'first' | 'middle' | 'last';

export const version = '18.2.4';

/** Megabytes of the programs of a real release, stripped, Linux amd64. */
const sizes = { tctl: 89, teleport: 241, tsh: 143, tbot: 87 } as const;

export type Program = keyof typeof sizes;

const orders: Readonly<Record<Order, readonly Program[]>> = {
  first: ['tbot', 'tctl', 'teleport', 'tsh'],
  middle: ['tctl', 'teleport', 'tbot', 'tsh'],
  last: ['tctl', 'teleport', 'tsh', 'tbot'],
};

interface Member {
  readonly plain: Buffer;
  readonly packed: Buffer;
}

/** Bytes of an unpacked archive. */
export interface Range {
  readonly offset: number;
  readonly size: number;
}

/** Release archives of realistic size and compressibility, made from Node's binary. */
export interface Release {
  readonly archive: (order: Order) => Buffer;
  /** Returns the range of a program in the unpacked archive. */
  readonly range: (order: Order, name: Program) => Range;
  /** A layer with tbot only, as tar and as tar.gz. */
  readonly layer: { readonly plain: Buffer; readonly packed: Buffer };
}

/** Creates the release and compresses each program only once. */
export function makeRelease(): Release {
  const node = readFileSync(process.execPath);
  const members = new Map<Program, Member>();
  for (const name of ['tctl', 'teleport', 'tsh', 'tbot'] as const) {
    const plain = member(`teleport/${name}`, program(node, sizes[name] * 1_000_000));
    members.set(name, { plain, packed: packed(plain) });
  }
  const inOrder = (order: Order): Member[] =>
    orders[order].flatMap((name) => members.get(name) ?? []);
  const layer = tar([
    { name: 'usr/local/bin/', type: '5' },
    { name: 'usr/local/bin/tbot', content: program(node, sizes.tbot * 1_000_000) },
  ]);
  return {
    archive: (order) => gzipOf(inOrder(order)),
    range: (order, name) => {
      const before = orders[order].slice(0, orders[order].indexOf(name));
      const lengths = before.map((other) => members.get(other)?.plain.length ?? 0);
      const offset = lengths.reduce((sum, length) => sum + length, 512);
      return { offset, size: sizes[name] * 1_000_000 };
    },
    layer: { plain: layer, packed: gzipSync(layer) },
  };
}

/**
 * Returns a program that prints its version as tbot does, with the size and the compressibility of a
 * real one (150 of 561 MB). Node's binary compresses less than Go's, so a part of each megabyte repeats.
 */
function program(node: Buffer, size: number): Buffer {
  const script = `#!/bin/sh\necho "Teleport v${version} git:x go1.24"; exit\n`;
  const bytes = Buffer.alloc(size);
  for (let at = 0; at < size; at += 1_000_000) {
    node.copy(bytes, at, at % (node.length - 720_000), (at % (node.length - 720_000)) + 720_000);
    bytes.fill(node.subarray(4_000_000, 4_004_096), at + 720_000, Math.min(at + 1_000_000, size));
  }
  bytes.write(script);
  return bytes;
}

function member(name: string, content: Buffer): Buffer {
  return tar([{ name, content }], { end: false });
}

/** Returns a piece of a deflate stream that can follow any other piece. */
function packed(plain: Buffer): Buffer {
  return deflateRawSync(plain, { finishFlush: constants.Z_FULL_FLUSH });
}

function gzipOf(members: readonly Member[]): Buffer {
  const end = Buffer.alloc(1024);
  const all = [...members.map(({ plain }) => plain), end];
  const logTail = Buffer.alloc(8);
  logTail.writeUInt32LE(all.reduce((sum, part) => crc32(part, sum), 0));
  logTail.writeUInt32LE(all.reduce((sum, part) => sum + part.length, 0) % 2 ** 32, 4);
  const head = Buffer.from([0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255]);
  return Buffer.concat([
    head,
    ...members.map(({ packed: bytes }) => bytes),
    deflateRawSync(end),
    logTail,
  ]);
}
