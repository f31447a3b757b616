/**
 * Characters that nobody sees, that control a terminal, end a line or turn a text around: Unicode's
 * categories Cc, Cf, Zl and Zp (Unicode Standard Annex #44).
 */
const unseen = '[\\p{Cc}\\p{Cf}\\p{Zl}\\p{Zp}]';

const anyUnseen = new RegExp(unseen, 'u');
const everyUnseen = new RegExp(unseen, 'gu');
const unseenInLines = new RegExp(`(?![\\t\\n])${unseen}`, 'gu');

/** Whether a text is one line, with nothing in it that is not seen. */
export function isPrintable(text: string): boolean {
  return !anyUnseen.test(text);
}

/** A line with a blank for each that is not seen. */
export function printable(line: string): string {
  return line.replaceAll(everyUnseen, ' ');
}

/** Lines without what is not seen; tabs stay. */
export function printableLines(text: string): string {
  return text.replaceAll(unseenInLines, '');
}
