import { printableLines } from '../text/display.ts';

/** Removes escape sequences and control characters, because terminals interpret them. */
export function plainLines(text: string): string {
  return printableLines(text.replaceAll(escapeSequence, ''));
}

// oxlint-disable-next-line no-control-regex
const escapeSequence = /(?:\u001b\[|\u009b)[0-9;]*[A-Za-z]/g;
