/** The kind of a file, from its first bytes. */
export type Binary =
  | {
      readonly kind: 'elf';
      /** Node's name of the architecture; undefined for one that Node does not support. */
      readonly arch: string | undefined;
      /** Position of the loader's path; undefined in a static binary. */
      readonly loader: { readonly offset: number; readonly size: number } | undefined;
    }
  | { readonly kind: 'mach-o' | 'pe' | 'script' | 'page' | 'empty' | 'gzip' | 'unknown' };

/** Bytes that contain the header and the program headers of any program. */
export const headSize = 8192;

const elfMachines: Readonly<Record<number, string>> = {
  3: 'ia32',
  40: 'arm',
  62: 'x64',
  183: 'arm64',
  243: 'riscv64',
  22: 's390x',
  21: 'ppc64',
  258: 'loong64',
};

const machO: ReadonlySet<number> = new Set([
  0xfeedface, 0xfeedfacf, 0xcefaedfe, 0xcffaedfe, 0xcafebabe,
]);

/** Parses the beginning of a file. Never throws. */
export function readBinary(head: Uint8Array): Binary {
  if (head.length === 0) return { kind: 'empty' };
  const view = new DataView(head.buffer, head.byteOffset, head.byteLength);
  const magic = head.length >= 4 ? view.getUint32(0) : 0;
  if (magic === 0x7f454c46) return readElf(view);
  if (machO.has(magic)) return { kind: 'mach-o' };
  if (magic >>> 16 === 0x4d5a) return { kind: 'pe' };
  if (magic >>> 16 === 0x1f8b) return { kind: 'gzip' };
  const text = new TextDecoder().decode(head.subarray(0, 512));
  if (text.startsWith('#!')) return { kind: 'script' };
  return { kind: /^\s*<(!doctype|html|\?xml|head)/i.test(text) ? 'page' : 'unknown' };
}

/** Parses the ELF header and the program headers (elf(5)). */
function readElf(view: DataView): Binary {
  if (view.byteLength < 64) return { kind: 'unknown' };
  const wide = view.getUint8(4) === 2;
  const little = view.getUint8(5) === 1;
  const number = (offset: number): number =>
    wide ? Number(view.getBigUint64(offset, little)) : view.getUint32(offset, little);
  const interpreter = programHeaders(view, wide, little, number(wide ? 32 : 28)).find(
    (at) => view.getUint32(at, little) === ptInterp,
  );
  const loader =
    interpreter === undefined
      ? undefined
      : {
          offset: number(interpreter + (wide ? 8 : 4)),
          size: number(interpreter + (wide ? 32 : 16)),
        };
  // No file is that long, so the header is damaged.
  if (loader && !Number.isSafeInteger(loader.offset + loader.size)) return { kind: 'unknown' };
  return { kind: 'elf', arch: elfMachines[view.getUint16(18, little)], loader };
}

const ptInterp = 3;

/** Returns the offsets of the program headers within the bytes read. */
function programHeaders(view: DataView, wide: boolean, little: boolean, start: number): number[] {
  const size = view.getUint16(wide ? 54 : 42, little);
  const count = view.getUint16(wide ? 56 : 44, little);
  if (size < (wide ? 56 : 32)) return [];
  return Array.from({ length: count }, (_, index) => start + index * size).filter(
    (at) => at + size <= view.byteLength,
  );
}
