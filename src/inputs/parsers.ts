import { InputError, parseEach } from '../text/input-error.ts';
import { entryName, isPrintable, quoted } from '../text/display.ts';
import { nearest } from '../text/nearest.ts';

/**
 * Returns a parser for one of several words, which ignores case and treats `-` and `_` as equal. The
 * parser throws an InputError.
 */
export function oneOf<const T extends string>(...words: readonly T[]): (text: string) => T {
  return (text) => {
    const word = words.find((candidate) => normalized(candidate) === normalized(text));
    if (word !== undefined) return word;
    const meant = nearest(normalized(text), words);
    throw new InputError(
      meant === undefined
        ? `${quoted(text)} is not one of ${words.join(', ')}`
        : `${quoted(text)} is not a known value. Did you mean \`${meant}\`?`,
    );
  };
}

function normalized(word: string): string {
  return word.toLowerCase().replaceAll('-', '_');
}

/** Parses `true`, `false`, `1` or `0`, as Teleport's own actions do. Throws an InputError. */
export function parseBoolean(text: string): boolean {
  if (/^(true|1)$/i.test(text)) return true;
  if (/^(false|0)$/i.test(text)) return false;
  throw new InputError(`${quoted(text)} is not \`true\` or \`false\``);
}

/**
 * Parses the name of a join token. Rejects a leading `/`, because tbot would read the value as the path
 * of a file (lib/utils). Throws an InputError.
 */
export function parseTokenName(text: string): string {
  if (text.startsWith('/'))
    throw new InputError(
      'it starts with `/`, so tbot would read it as a file. Specify the name of the join token',
    );
  if (!isPrintable(text) || /\s/.test(text))
    throw new InputError(
      'the name of a join token must not contain whitespace or control characters',
    );
  return text;
}

/** Accepts one line without control characters. Throws an InputError. */
export function parseLine(text: string): string {
  if (!isPrintable(text)) throw new InputError('it contains a line break or a control character');
  return text;
}

/**
 * Accepts the path of a file. Rejects a URL, because it can contain a password and messages show the
 * path. Throws an InputError.
 */
export function parsePath(text: string): string {
  if (/^[a-z][a-z0-9+.-]*:\/\/|^[^/\\]*:[^/\\]*@/i.test(text))
    throw new InputError('it is a URL. Specify the path of a file');
  return parseLine(text);
}

/** Parses one or more values, separated by commas or whitespace. Throws InputErrors. */
export function parseLines(text: string): readonly string[] {
  const parts = text.split(/[\s,]+/).filter((part) => part !== '');
  if (parts.length === 0) throw new InputError('it contains only separators');
  return parseEach(parts, parseLine);
}

/** Parses the client ID of an Azure identity, a UUID. Throws an InputError. */
export function parseClientId(text: string): string {
  if (!/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(text))
    throw new InputError(
      `${quoted(text)} is not a client ID, which is a UUID such as \`22222222-2222-2222-2222-222222222222\``,
    );
  return text.toLowerCase();
}

export type VersionInput =
  | { readonly kind: 'auto' }
  | { readonly kind: 'installed' }
  | { readonly kind: 'exact'; readonly version: string };

/**
 * Parses `auto`, `installed` or a version such as `18.2.4`, with or without a leading `v`. Throws an
 * InputError.
 */
export function parseVersionInput(text: string): VersionInput {
  const word = text.toLowerCase();
  if (word === 'auto' || word === 'installed') return { kind: word };
  const release = /^v?(\d+\.\d+\.\d+(?:-[0-9a-z.-]+)?)$/i.exec(text);
  if (!release?.[1])
    throw new InputError(
      `${quoted(text)} is not \`auto\`, \`installed\` or an exact version such as \`18.2.4\``,
    );
  return { kind: 'exact', version: release[1] };
}

/**
 * Parses SHA-256 digests, one `sha256:<hex>` per line. Returns them in lower case without the prefix.
 * Throws InputErrors.
 */
export function parseChecksums(text: string): readonly string[] {
  const lines = text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');
  return parseEach(lines, (line, number) => {
    if (!isPin(line)) throw new InputError(notADigest(line, number, text));
    return line.slice(line.indexOf(':') + 1).toLowerCase();
  });
}

/** Whether a text is the pin of a CA certificate or another SHA-256 digest, in any case. */
export function isPin(text: string): boolean {
  return /^sha256:[0-9a-f]{64}$/i.test(text);
}

/** Returns the error for an entry of a list of digests. */
export function notADigest(entry: string, number: number, list?: string): string {
  return `${entryName(entry, number, list)} is not \`sha256:\` followed by 64 hexadecimal digits`;
}
