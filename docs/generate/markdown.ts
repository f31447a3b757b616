import { format } from 'prettier';

/** Content of the generated regions of a document, by name. */
export type Regions = Readonly<Record<string, string>>;

/** Returns a Markdown table. A `|` in a cell is escaped. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  return [head, head.map(() => '---'), ...rows].map(rowOf).join('\n');
}

function rowOf(cells: readonly string[]): string {
  return `| ${cells.map((cell) => cell.replaceAll('|', '\\|').replaceAll(/\s+/g, ' ').trim()).join(' | ')} |`;
}

export function code(text: string): string {
  return `\`${text}\``;
}

export function codes(texts: readonly string[]): string {
  return texts.map(code).join(', ');
}

const region =
  /(<!-- generated: (?<name>[\w/ -]+) -->\n).*?(\n<!-- end of generated: \k<name> -->)/gs;

/**
 * Replaces the content of each region `<!-- generated: NAME -->` of a document and formats the result
 * as `npm run format` expects it. Throws an Error for a region without content, for content without a
 * region, and for a region without an end.
 */
export async function withRegions(text: string, regions: Regions): Promise<string> {
  const unused = new Set(Object.keys(regions));
  const replaced = text.replaceAll(region, (_, start: string, name: string, end: string) => {
    const content = regions[name];
    if (content === undefined) throw new Error(`nothing generates the region \`${name}\``);
    unused.delete(name);
    return `${start}\n${content}\n${end}`;
  });
  if (unused.size > 0) throw new Error(`no document has the region ${codes([...unused])}`);
  const count = (pattern: RegExp): number => (replaced.match(pattern) ?? []).length;
  if (count(/<!-- generated: /g) !== count(/<!-- end of generated: /g))
    throw new Error('a generated region has no end');
  return format(replaced, { parser: 'markdown', singleQuote: true, printWidth: 100 });
}
