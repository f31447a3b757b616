import { printableLines } from '../../text/display.ts';

/**
 * Returns a text that the runner does not read as a command: it looks for `::name::` at the start of
 * a line, after white space, and for `##[name]` anywhere (actions/runner,
 * src/Runner.Common/ActionCommand.cs). Escape sequences and control characters are removed first: a
 * terminal would obey them, and U+0085 is white space to .NET but not to a regular expression.
 */
export function withoutCommands(text: string): string {
  return printableLines(text.replaceAll(escapeSequence, ''))
    .replaceAll(/^([^\S\n]*)::/gm, '$1: :')
    .replaceAll('##[', '# #[');
}

// oxlint-disable-next-line no-control-regex
const escapeSequence = /(?:\u001b\[|\u009b)[0-9;]*[A-Za-z]/g;
