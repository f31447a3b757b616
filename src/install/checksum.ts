/**
 * The digest for a file in a published checksum: `<hex>  <name>` lines as `shasum -c` takes them
 * (Teleport publishes `<archive>.sha256` with one), or the digest alone. Lower case; undefined when
 * there is none for this file.
 */
export function parseChecksumFile(text: string, file: string): string | undefined {
  for (const line of text.split('\n')) {
    const [, digest, name] = /^([0-9a-f]{64})(?:\s+\*?(\S+))?\s*$/i.exec(line) ?? [];
    if (digest === undefined) continue;
    if (name === undefined || name.split('/').at(-1) === file) return digest.toLowerCase();
  }
  return undefined;
}
