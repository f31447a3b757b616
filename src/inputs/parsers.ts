import { isPrintable } from '../text/characters.ts';
import { InputError } from '../text/input-error.ts';
import { quoted } from '../text/quoted.ts';
import { nearest } from '../text/nearest.ts';

/** One of a fixed set of words, in any case; `-` and `_` are the same. */
export function oneOf<const T extends string>(...words: readonly T[]): (text: string) => T {
  return (text) => {
    const word = words.find((candidate) => plain(candidate) === plain(text));
    if (word === undefined)
      throw new InputError(
        `${quoted(text)} is not one of ${words.join(', ')}${meant(text, words)}`,
      );
    return word;
  };
}

function meant(text: string, words: readonly string[]): string {
  const near = nearest(plain(text), words);
  return near === undefined ? '' : `; did you mean \`${near}\`?`;
}

function plain(word: string): string {
  return word.toLowerCase().replaceAll('-', '_');
}

/** true and false in any case, 1 and 0, as the field's own actions take them. */
export function parseBoolean(text: string): boolean {
  if (/^(true|1)$/i.test(text)) return true;
  if (/^(false|0)$/i.test(text)) return false;
  throw new InputError(`${quoted(text)} is neither true nor false`);
}

/** The name of a join token. tbot reads a value that starts with `/` as a file (lib/utils). */
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

/** A text on one line, with nothing in it that a terminal or a file format could take for more. */
export function parseLine(text: string): string {
  if (!isPrintable(text)) throw new InputError('has a line break or a control character in it');
  return text;
}

/** The path of a file. A URL, which can hold a password, is refused, because errors name the path. */
export function parsePath(text: string): string {
  if (/^[a-z][a-z0-9+.-]*:\/\/|^[^/\\]*:[^/\\]*@/i.test(text))
    throw new InputError('must be the path of a file, not a URL');
  return parseLine(text);
}

/** One text or more, by commas, spaces or line breaks. */
export function parseLines(text: string): readonly string[] {
  const parts = text.split(/[\s,]+/).filter((part) => part !== '');
  if (parts.length === 0) throw new InputError('names nothing');
  return parts.map(parseLine);
}

/** A UUID, as Azure writes the client id of an identity. */
export function parseClientId(text: string): string {
  if (!/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(text))
    throw new InputError(
      `${quoted(text)} is not a client id; it looks like 22222222-2222-2222-2222-222222222222`,
    );
  return text.toLowerCase();
}

export type VersionWanted =
  | { readonly kind: 'auto' }
  | { readonly kind: 'installed' }
  | { readonly kind: 'exact'; readonly version: string };

/** `auto`, `installed`, or a release such as `18.2.4`; a `v` in front is tolerated. */
export function parseVersionWanted(text: string): VersionWanted {
  const word = text.toLowerCase();
  if (word === 'auto' || word === 'installed') return { kind: word };
  const release = /^v?(\d+\.\d+\.\d+(?:-[0-9a-z.-]+)?)$/i.exec(text);
  if (!release?.[1])
    throw new InputError(
      `${quoted(text)} is neither \`auto\`, \`installed\` nor a version like \`18.2.4\``,
    );
  return { kind: 'exact', version: release[1] };
}

/** SHA-256 digests, `sha256:<hex>` a line, in lower case and without the prefix. */
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

/** Whether a text is the pin of an authority, in any case. */
export function isPin(text: string): boolean {
  return /^sha256:[0-9a-f]{64}$/i.test(text);
}
