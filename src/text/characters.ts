// What nobody sees, what controls a terminal, ends a line or turns a text around: Unicode's
// categories Cc, Cf, Zl and Zp (Unicode Standard Annex #44). Each pattern stands where it is used,
// because making one takes a while, and most steps need one alone.

/** Whether a text is one line, with nothing in it that is not seen. */
export function isPrintable(text: string): boolean {
  return !/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u.test(text);
}

/** A line with a blank for each character that is not seen. */
export function printable(line: string): string {
  return line.replaceAll(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, ' ');
}

/** Lines without what is not seen; tabs stay. */
export function printableLines(text: string): string {
  return text.replaceAll(/(?![\t\n])[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, '');
}
