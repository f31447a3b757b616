import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import {
  type Compression,
  type ExtractOptions,
  extractTar,
} from '../../src/install/archive/extract-tar.ts';

/** The largest number of bytes that are read at once. */
export const pieceSize = 64 * 1024;

/** Yields bytes in two parts. */
async function* cutAt(bytes: Uint8Array, at: number): AsyncGenerator<Uint8Array> {
  yield bytes.subarray(0, at);
  yield bytes.subarray(at);
}

async function extract(
  source: AsyncIterable<Uint8Array>,
  wanted: ReadonlyMap<string, string>,
  options: Partial<ExtractOptions> = {},
): Promise<void> {
  const usual = { compression: 'none', hidesLower: () => false } as const;
  const { outcome } = await extractTar(source, wanted, { ...usual, ...options });
  if (outcome instanceof Error) throw outcome;
}

/** Returns kind and name of every member of an archive that arrives in two parts. */
export async function kinds(
  bytes: Uint8Array,
  cut = bytes.length,
  compression: Compression = 'none',
): Promise<[string, string][]> {
  const found: [string, string][] = [];
  const hidesLower: ExtractOptions['hidesLower'] = ({ kind, name }) => {
    found.push([kind, name]);
    return false;
  };
  await extract(cutAt(bytes, cut), new Map(), { compression, hidesLower });
  return found;
}

/** Returns the name of every member. */
export async function names(...archive: Parameters<typeof kinds>): Promise<string[]> {
  return (await kinds(...archive)).map(([, name]) => name);
}

/** Returns kind, name and content of every member. The names of files must be unique. */
export async function list(
  bytes: Uint8Array,
  cut = bytes.length,
): Promise<[string, string, string][]> {
  const found = await kinds(bytes, cut);
  const folder = await mkdtemp(join(tmpdir(), 'tar-'));
  const files = new Map(
    found
      .filter(([kind]) => kind === 'file')
      .map(([, name], index) => [name, join(folder, String(index))]),
  );
  try {
    await extract(cutAt(bytes, cut), files);
    return await Promise.all(
      found.map(async ([kind, name]): Promise<[string, string, string]> => {
        const file = files.get(name);
        return [kind, name, file === undefined ? '' : await readFile(file, 'utf8')];
      }),
    );
  } finally {
    await rm(folder, { recursive: true });
  }
}
