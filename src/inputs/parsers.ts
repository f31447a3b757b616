import { InputError } from '../text/input-error.ts';
import { isPrintable, quoted } from '../text/display.ts';
import { nearest } from '../text/nearest.ts';

/**
 * Returns a parser for one of several words, which ignores case and treats `-` and `_` as equal. The
 * parser throws an InputError.
 */
export function oneOf<const T extends string>(...words: readonly T[]): (text: string) => T {
  return (text) => {
    const word = words.find((candidate) => normalized(candidate) === normalized(text));
    if (word === undefined)
      throw new InputError(
        `${quoted(text)} is not one of ${words.join(', ')}${suggestion(text, words)}`,
      );
    return word;
  };
}

function suggestion(text: string, words: readonly string[]): string {
  const near = nearest(normalized(text), words);
  return near === undefined ? '' : `; did you mean \`${near}\`?`;
}

function normalized(word: string): string {
  return word.toLowerCase().replaceAll('-', '_');
}

/** Parses `true`, `false`, `1` or `0`, as Teleport's own actions do. Throws an InputError. */
export function parseBoolean(text: string): boolean {
  if (/^(true|1)$/i.test(text)) return true;
  if (/^(false|0)$/i.test(text)) return false;
  throw new InputError(`${quoted(text)} is neither true nor false`);
}

/**
 * Parses the name of a join token. Rejects a leading `/`, because tbot would read the value as the path
 * of a file (lib/utils). Throws an InputError.
 */
export function parseTokenName(text: string): string {
  if (text.startsWith('/'))
    throw new InputError(
      'a value that starts with `/` would be read as a file; give the name of the join token',
    );
  if (!isPrintable(text) || /\s/.test(text))
    throw new InputError(
      'the name of a join token has no spaces, line breaks or control characters',
    );
  return text;
}

/** Accepts one line without control characters. Throws an InputError. */
export function parseLine(text: string): string {
  if (!isPrintable(text)) throw new InputError('has a line break or a control character in it');
  return text;
}

/**
 * Accepts the path of a file. Rejects a URL, because it can contain a password and messages show the
 * path. Throws an InputError.
 */
export function parsePath(text: string): string {
  if (/^[a-z][a-z0-9+.-]*:\/\/|^[^/\\]*:[^/\\]*@/i.test(text))
    throw new InputError('must be the path of a file, not a URL');
  return parseLine(text);
}

/** Parses one or more values, separated by commas or whitespace. Throws an InputError. */
export function parseLines(text: string): readonly string[] {
  const parts = text.split(/[\s,]+/).filter((part) => part !== '');
  if (parts.length === 0) throw new InputError('names nothing');
  return parts.map(parseLine);
}

/** Parses the client ID of an Azure identity, a UUID. Throws an InputError. */
export function parseClientId(text: string): string {
  if (!/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(text))
    throw new InputError(
      `${quoted(text)} is not a client id; it looks like 22222222-2222-2222-2222-222222222222`,
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
      `${quoted(text)} is neither \`auto\`, \`installed\` nor a version like \`18.2.4\``,
    );
  return { kind: 'exact', version: release[1] };
}

/**
 * Parses SHA-256 digests, one `sha256:<hex>` per line. Returns them in lower case without the prefix.
 * Throws an InputError.
 */
export function parseChecksums(text: string): readonly string[] {
  return text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '')
    .map((line) => {
      const hex = /^sha256:([0-9a-f]{64})$/i.exec(line)?.[1];
      if (hex === undefined)
        throw new InputError(`${quoted(line, text)} is not \`sha256:\` and 64 hexadecimal digits`);
      return hex.toLowerCase();
    });
}

/** Whether a text is the pin of a CA certificate, in any case. */
export function isPin(text: string): boolean {
  return /^sha256:[0-9a-f]{64}$/i.test(text);
}
