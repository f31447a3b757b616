/** The replacement for a hidden value. */
export const notShown = '(not shown, because it contains `@`)';

/**
 * Formats a user's value for a message. Hides it if `whole`, the text that contains the value, has an
 * `@`, because it can contain a password (`user:password@host`).
 */
export function quoted(value: string, whole = value): string {
  return whole.includes('@') ? `the value ${notShown}` : `\`${value}\``;
}
