/** Stands for a value that is not shown. */
export const notShown = '(not shown, because it contains `@`)';

/**
 * A value that the user gave, in a message. A text with an `@` can hold a password
 * (`user:password@host`) and is never repeated; `whole` is the text that the value is a part of.
 */
export function quoted(value: string, whole = value): string {
  return whole.includes('@') ? `the value ${notShown}` : `\`${value}\``;
}
