// What nobody sees, what controls a terminal, ends a line or turns a text around: Unicode's
// categories Cc, Cf, Zl and Zp (Unicode Standard Annex #44), without the two joiners, which spelling
// needs in Persian and in Indian languages. Each pattern stands where it is used, because making one
// takes a while, and most steps need one alone.

/** Whether a text is one line, with nothing in it that is not seen. */
export function isPrintable(text: string): boolean {
  return !/(?![\u200c\u200d])[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u.test(text);
}

/** A line with a blank for each character that is not seen. */
export function printable(line: string): string {
  return line.replaceAll(/(?![\u200c\u200d])[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, ' ');
}

/** Lines without what is not seen; tabs stay. */
export function printableLines(text: string): string {
  return text.replaceAll(/(?![\t\n\u200c\u200d])[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, '');
}
