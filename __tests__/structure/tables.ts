import { text } from './tree.ts';

/** A table of a document: the cells of its header, and its rows by header cell. */
export interface Table {
  readonly head: readonly string[];
  readonly rows: readonly Readonly<Record<string, string>>[];
}

/** Returns the first table between a heading such as `### identity` and the next heading. */
export function tableBelow(path: string, heading: string): Table {
  const [, after] = text(path).split(`\n${heading}\n`);
  if (after === undefined) throw new Error(`${path} has no heading \`${heading}\``);
  const section = after.split(/\n#+ /, 1).join();
  const lines = section.split('\n').filter((line) => line.startsWith('|'));
  const [head = [], , ...rows] = lines.slice(0, lengthOf(section)).map(cellsOf);
  return { head, rows: rows.map((cells) => byHead(head, cells)) };
}

/** Returns the number of lines of the first table; another can follow it. */
function lengthOf(section: string): number {
  const [table = ''] = /(?:^\|.*\n?)+/m.exec(section) ?? [];
  return table.trimEnd().split('\n').length;
}

function cellsOf(line: string): readonly string[] {
  return line
    .split('|')
    .slice(1, -1)
    .map((cell) => cell.trim());
}

function byHead(
  head: readonly string[],
  cells: readonly string[],
): Readonly<Record<string, string>> {
  return Object.fromEntries(head.map((name, index) => [name, cells[index] ?? '']));
}

/** Returns the code spans in a cell. */
export function codesIn(cell: string | undefined): readonly string[] {
  return [...(cell ?? '').matchAll(/`([^`]+)`/g)].map(([, code = '']) => code);
}
