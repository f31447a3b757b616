import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { type ExtractOptions, extractTar } from '../../src/install/archive/extract-tar.ts';

/** Up to this many bytes are read at once. */
export const pieceSize = 64 * 1024;

/** The bytes in two parts. */
async function* cutAt(bytes: Uint8Array, at: number): AsyncGenerator<Uint8Array> {
  yield bytes.subarray(0, at);
  yield bytes.subarray(at);
}

async function extract(
  source: AsyncIterable<Uint8Array>,
  wanted: ReadonlyMap<string, string>,
  hidesLower: ExtractOptions['hidesLower'] = () => false,
): Promise<void> {
  const { outcome } = await extractTar(source, wanted, { compression: 'none', hidesLower });
  if (outcome instanceof Error) throw outcome;
}

/** Kind and name of every member of an archive that comes in two parts: no content is read. */
export async function kinds(bytes: Uint8Array, cut = bytes.length): Promise<[string, string][]> {
  const found: [string, string][] = [];
  await extract(cutAt(bytes, cut), new Map(), ({ kind, name }) => {
    found.push([kind, name]);
    return false;
  });
  return found;
}

/** The names alone. */
export async function names(bytes: Uint8Array): Promise<string[]> {
  return (await kinds(bytes)).map(([, name]) => name);
}

/** Kind, name and content of every member; only files have content, and no two of them one name. */
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
