/** Levels that add nothing: every failed join has them. */
const uninformative =
  /^(?:building identity service|initializing identity service|joining with token)$/;

/**
 * Splits an error into its levels, outermost first: tbot prints each level on its own line, and older
 * releases replace the line break with spaces. Returns no levels for a text with paragraphs.
 */
export function levelsOf(error: string): readonly string[] {
  if (/\n\s*\n/.test(error)) return [];
  return error
    .split(/(?<![:,\s])(?:\s*\n\s*|\s{2,})(?![\s,])/)
    .map((level) => level.replace(/\s+/g, ' '));
}

/**
 * Returns a message with the innermost level first and the others in parentheses: `no such host
 * (discovering the issuer)`. The innermost level decides, and the end of a long message is cut.
 */
export function innermostFirst(message: string, levels: readonly string[]): string {
  let innermost = message;
  const outer: string[] = [];
  for (const level of levels.slice(1)) {
    const at = innermost.indexOf(` ${level}`);
    if (level === '' || at < 0) continue;
    outer.push(withoutStatus(innermost.slice(0, at)));
    innermost = innermost.slice(at + 1);
  }
  const context = outer.filter((level) => !uninformative.test(level));
  return context.length === 0 ? innermost : `${innermost} (${context.join(': ')})`;
}

/** Removes the status that gRPC puts before a message. */
export function withoutStatus(message: string): string {
  return message.replace(/rpc error: code = \w+ desc = /g, '');
}
