import type { YAMLParseError } from 'yaml';
import type { Position } from './tree.ts';

/** What is wrong with a text that is no YAML, and where. */
export interface Flaw {
  readonly at: Position;
  readonly what: string;
}

interface Seen {
  readonly place: (offset: number) => Position;
  /** Nothing of the text is told. */
  readonly discreet: boolean;
}

const advice = '; compare the indentation with the lines around it';

/** The parser's error in the words of those who wrote the text. */
export function flawOf(
  { code, message, pos }: YAMLParseError,
  text: string,
  { place, discreet }: Seen,
): Flaw {
  const at = place(pos[0]);
  if (code === 'MULTIPLE_DOCS')
    return { at, what: 'is more than one document; take the line `---` out' };
  if (code === 'RESOURCE_EXHAUSTION') return { at, what: 'is nested too deeply' };
  const tab = tabBefore(at.line, text);
  if (tab) return { at: tab, what: 'is not YAML: lines are indented by blanks, and here is a tab' };
  // The parser repeats parts of the text.
  const words = discreet || message.includes('@') ? '' : `: ${firstLine(message)}`;
  return { at, what: `is not YAML${words}${advice}` };
}

/** The most frequent cause, which the parser tells in other words and often further down. */
function tabBefore(last: number, text: string): Position | undefined {
  const lines = text.split('\n').slice(0, last);
  const index = lines.findLastIndex((line) => /^ *\t\s*\S/.test(line));
  const column = (lines[index] ?? '').indexOf('\t') + 1;
  return index < 0 ? undefined : { line: index + 1, column };
}

function firstLine(message: string): string {
  return message.split('\n', 1).join().slice(0, 200);
}
