/** The replacement for a hidden value. */
export const notShown = '(not shown, because it contains `@`)';

/**
 * Formats a user's value for a message. Hides it if `whole`, the text that contains the value, has an
 * `@`, because it can contain a password (`user:password@host`).
 */
export function quoted(value: string, whole = value): string {
  return whole.includes('@') ? `the value ${notShown}` : `\`${value}\``;
}

/** Formats an entry of a list for a message. Names its number if `list` contains an `@`. */
export function entryName(entry: string, number: number, list = entry): string {
  return list.includes('@') ? `entry ${number} ${notShown}` : `\`${entry}\``;
}

/** Returns a shell command as Markdown code, with words quoted where necessary. */
export function command(...words: readonly string[]): string {
  return `\`${words.map(shellWord).join(' ')}\``;
}

function shellWord(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}

// Invisible characters control a terminal, end a line or reverse text: the general categories Cc, Cf,
// Zl and Zp (Unicode Standard Annex #44) without the two joiners, which Persian and Indian languages
// need. Each function has its own pattern, because compiling one is slow and most steps need only one.

/** Whether a text is one line without invisible characters. */
export function isPrintable(text: string): boolean {
  return !/(?![\u200c\u200d])[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u.test(text);
}

/** Replaces each invisible character with a space. */
export function printable(line: string): string {
  return line.replaceAll(/(?![\u200c\u200d])[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, ' ');
}

/** Removes invisible characters except tabs and line feeds. */
export function printableLines(text: string): string {
  return text.replaceAll(/(?![\t\n\u200c\u200d])[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, '');
}

/** Formats a list as `a, b, and c`. */
export function listed(words: readonly string[]): string {
  if (words.length < 3) return words.join(' and ');
  // Not with Intl.ListFormat, whose first use takes 12 ms.
  return `${words.slice(0, -1).join(', ')}, and ${words.at(-1)}`;
}
