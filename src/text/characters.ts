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
