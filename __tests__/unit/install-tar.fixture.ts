import { readTar } from '../../src/install/archive/tar.ts';

/** The bytes in pieces of this size. */
export async function* chunked(bytes: Uint8Array, size: number): AsyncGenerator<Uint8Array> {
  for (let offset = 0; offset < bytes.length; offset += size)
    yield bytes.subarray(offset, offset + size);
}

/** Kind, name and content of every member. */
export async function list(bytes: Uint8Array, size = 1000): Promise<[string, string, string][]> {
  const found: [string, string, string][] = [];
  for await (const member of readTar(chunked(bytes, size))) {
    const parts: Uint8Array[] = [];
    for await (const part of member.content) parts.push(part);
    found.push([member.kind, member.name, Buffer.concat(parts).toString()]);
  }
  return found;
}

/** The names alone: no content is read. */
export async function names(bytes: Uint8Array): Promise<string[]> {
  const found: string[] = [];
  for await (const member of readTar(chunked(bytes, 700))) found.push(member.name);
  return found;
}
