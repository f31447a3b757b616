import { constants, type Stats } from 'node:fs';
import { access, type FileHandle, open, stat } from 'node:fs/promises';

import { codeOf } from '../text/error-code.ts';
import { bytesAt, exists } from '../files/files.ts';

/** The machine that a program will run on, with Node's names. */
export interface Machine {
  readonly platform: string;
  readonly arch: string;
}

/** Why a file cannot be run as a program; a clause. */
export type Defect = string | undefined;

/**
 * Returns why a file cannot be run on a machine. Checked before it is started, because a web page, a
 * directory or a program for another machine causes an unclear error, or is run by a shell.
 */
export async function inspectBinary(path: string, machine: Machine): Promise<Defect> {
  const stats = await statOf(path);
  if (typeof stats === 'string') return stats;
  if (stats.isDirectory()) return 'it is a directory';
  if (!stats.isFile()) return 'it is not a regular file';
  if (machine.platform !== 'win32' && (stats.mode & 0o111) === 0)
    return 'it is not executable (run `chmod +x`)';
  const head = await readHead(path);
  // A user can have permission to run a file but not to read it.
  return head === undefined
    ? mayRun(path)
    : (defectOf(head.binary, head.loader, machine) ?? mayRun(path));
}

async function statOf(path: string): Promise<Stats | string> {
  try {
    return await stat(path);
  } catch (error) {
    const code = codeOf(error);
    if (code === 'ENOENT' || code === 'ENOTDIR') return 'the file does not exist';
    if (code === 'EACCES') return 'its directory cannot be read (permission denied)';
    if (code === 'ELOOP') return 'it is a symbolic link to itself';
    throw error;
  }
}

interface Head {
  readonly binary: Binary;
  /** The loader that the program needs. */
  readonly loader: { readonly path: string; readonly exists: boolean } | undefined;
}

async function readHead(path: string): Promise<Head | undefined> {
  let handle: FileHandle;
  try {
    handle = await open(path, 'r');
  } catch (error) {
    if (codeOf(error) === 'EACCES') return undefined;
    throw error;
  }
  try {
    const binary = readBinary(await bytesAt(handle, 0, headSize));
    const position = binary.kind === 'elf' ? binary.loader : undefined;
    if (!position || position.size > 4096) return { binary, loader: undefined };
    const loader = (await bytesAt(handle, position.offset, position.size))
      .toString()
      .replace(/\0.*$/s, '');
    return { binary, loader: { path: loader, exists: await exists(loader) } };
  } finally {
    await handle.close();
  }
}

const kindOnPlatform: Readonly<Record<string, Binary['kind']>> = { darwin: 'mach-o', win32: 'pe' };

/** Other architectures whose programs a machine can run. */
const alsoRuns: Readonly<Record<string, string>> = { x64: 'ia32', arm64: 'arm' };

function defectOf(binary: Binary, loader: Head['loader'], { platform, arch }: Machine): Defect {
  if (binary.kind === 'empty') return 'it is empty';
  if (binary.kind === 'page') return 'it is a web page, not a program';
  if (binary.kind === 'gzip') return 'it is an archive that must be unpacked first';
  if (binary.kind === 'script' && platform !== 'win32') return undefined;
  if (binary.kind !== (kindOnPlatform[platform] ?? 'elf'))
    return `it is not a program for this system (${platform} ${arch})`;
  if (binary.kind !== 'elf') return undefined;
  if (binary.arch !== arch && binary.arch !== alsoRuns[arch])
    return `it is built for ${binary.arch ?? 'another architecture'}, but this runner is ${arch}`;
  if (loader && !loader.exists)
    return `it requires the loader ${loader.path}, which does not exist here (systems with musl, such as Alpine Linux, cannot run it)`;
  return undefined;
}

/** Returns why this user cannot execute a file. The kernel's check includes noexec mounts. */
export async function mayRun(path: string): Promise<Defect> {
  try {
    await access(path, constants.X_OK);
    return undefined;
  } catch (error) {
    if (codeOf(error) !== 'EACCES') throw error;
    return 'this user has no permission to execute it, or its file system is mounted `noexec`';
  }
}

/** The kind of a file, from its first bytes. */
type Binary =
  | {
      readonly kind: 'elf';
      /** Node's name of the architecture; undefined for one that Node does not support. */
      readonly arch: string | undefined;
      /** Position of the loader's path; undefined in a static binary. */
      readonly loader: { readonly offset: number; readonly size: number } | undefined;
    }
  | { readonly kind: 'mach-o' | 'pe' | 'script' | 'page' | 'empty' | 'gzip' | 'unknown' };

/** Bytes that contain the header and the program headers of any program. */
const headSize = 8192;

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
function readBinary(head: Uint8Array): Binary {
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
  // No file is that long, so the header is corrupt.
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
