import { createHash } from 'node:crypto';
import { type FileHandle, open } from 'node:fs/promises';

/** An invalid archive or image. The message is a clause in which `it` refers to the archive. */
export class BadArchive extends Error {
  override readonly name = 'BadArchive';
}

/** Bytes. A release archive has 150 to 250 MB. */
export const largestArchive = 2 ** 30;

/** Bytes. The largest program of a release, teleport, has 241 MB. */
export const largestProgram = 2 ** 30;

/** The requested members of an archive. */
export interface Extracted {
  /** SHA-256 of each file that was written, as lower-case hex, by its name in the archive. */
  readonly digests: ReadonlyMap<string, string>;
  /** Whether an image layer hides the requested members of the layers below it. */
  readonly hidesLower: boolean;
}

export interface Extraction {
  /** SHA-256 of the whole archive, as lower-case hex. */
  readonly digest: string;
  /** An error is returned, not thrown, because a wrong digest explains it better. */
  readonly outcome: Extracted | BadArchive;
}

/** Decodes UTF-8. Invalid bytes become U+FFFD, which no requested name contains. */
export function decode(bytes: Uint8Array): string {
  return new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes);
}

/** Writes a new file of mode 0700 and returns its SHA-256 as lower-case hex. */
export async function writeHashed(
  file: string,
  content: AsyncIterable<Uint8Array>,
): Promise<string> {
  const hash = createHash('sha256');
  const handle = await open(file, 'wx', 0o700);
  try {
    // The umask can remove bits from the mode given to `open`.
    await handle.chmod(0o700);
    for await (const chunk of content) {
      const written = writeAll(handle, chunk);
      hash.update(chunk);
      await written;
    }
  } finally {
    await handle.close();
  }
  return hash.digest('hex');
}

async function writeAll(handle: FileHandle, chunk: Uint8Array): Promise<void> {
  for (let offset = 0; offset < chunk.length;) {
    const { bytesWritten } = await handle.write(chunk, offset);
    offset += bytesWritten;
  }
}
