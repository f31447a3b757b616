import type * as yamlPackage from 'yaml';
import type { Document, ErrorCode, Node, YAMLParseError } from 'yaml';
import type { Position } from '../text/input-error.ts';

interface Source {
  readonly text: string;
  readonly yaml: typeof yamlPackage;
  readonly place: (offset: number) => Position;
}

interface SyntaxProblem {
  readonly at: Position;
  readonly message: string;
}

/**
 * Returns the first syntax error of a document, in words that do not quote it; undefined if there is
 * none. Later errors are consequences of the first.
 */
export function syntaxError(document: Document, source: Source): SyntaxProblem | undefined {
  const [error, ...others] = document.errors.toSorted((one, other) => one.pos[0] - other.pos[0]);
  if (error === undefined) return undefined;
  const at = source.place(error.pos[0]);
  if (error.code === 'RESOURCE_EXHAUSTION') return { at, message: 'the text has too many levels' };
  return (
    tabError(at, source.text) ??
    unclosed(error, document, source) ??
    misaligned(error, others, source) ?? { at, message: messageOf(error, source.text) }
  );
}

const tab = 'the indentation contains a tab. Use spaces, not tabs';

/** Finds a tab in the indentation: a frequent cause, which the parser reports later or differently. */
function tabError(until: Position, text: string): SyntaxProblem | undefined {
  const lines = text.split('\n').slice(0, until.line);
  const index = lines.findLastIndex((line) => /^ *(?:- *)*\t\s*\S/.test(line));
  if (index < 0) return undefined;
  const column = (lines[index] ?? '').indexOf('\t') + 1;
  return { at: { line: index + 1, column }, message: tab };
}

/** Describes a missing bracket or quotation mark. */
function unclosed(
  { message, pos: [end] }: YAMLParseError,
  document: Document,
  { text, yaml, place }: Source,
): SyntaxProblem | undefined {
  const mark = /(?:end with a |closing )(["'}\]])/.exec(message)?.[1];
  if (mark === undefined) return undefined;
  const ending = nodesOf(document.contents, yaml).filter(({ range }) => range?.[1] === end);
  if (mark === '"' || mark === "'") {
    const at = place(ending.findLast((node) => yaml.isScalar(node))?.range?.[0] ?? end);
    return { at, message: `missing closing quotation mark (${mark}) of the text that begins here` };
  }
  const collections = ending.filter((node) => yaml.isCollection(node) && node.flow === true);
  // A bracket right before the end closes the innermost one.
  const open = /[\]}]/.test(text.charAt(end - 1)) ? collections.slice(0, -1) : collections;
  const kind = mark === ']' ? 'list' : 'mapping';
  const { line } = place(open.at(-1)?.range?.[0] ?? end);
  return { at: place(end), message: `missing \`${mark}\` in the ${kind} opened on line ${line}` };
}

/** Returns all nodes, each before those within it. */
function nodesOf(root: unknown, yaml: Source['yaml']): readonly Node[] {
  const nodes: Node[] = [];
  const pending = [root];
  while (pending.length > 0) {
    const node = pending.pop();
    if (yaml.isPair(node)) pending.push(node.value, node.key);
    else if (yaml.isNode(node)) nodes.push(node);
    if (yaml.isCollection(node)) pending.push(...node.items.toReversed());
  }
  return nodes;
}

/** Describes a line with the wrong indentation, which the parser takes for a part of the one above. */
function misaligned(
  { code, pos: [start], message }: YAMLParseError,
  others: readonly YAMLParseError[],
  { text, place }: Source,
): SyntaxProblem | undefined {
  const continued = others.find(
    (other) => other.code === 'MULTILINE_IMPLICIT_KEY' && other.pos[0] === start,
  );
  const offset =
    code === 'BLOCK_AS_IMPLICIT_KEY' && continued !== undefined
      ? continued.pos[1] - 1
      : /without - indicator|at node end|same column|may not be used as/.test(message) &&
          isIndentation(text, start)
        ? start
        : undefined;
  if (offset === undefined) return undefined;
  const { line } = place(offset);
  const content = text.split('\n')[line - 1] ?? '';
  return {
    at: { line, column: content.search(/\S/) + 1 },
    message: /^\s*-[^\s-]/.test(content)
      ? 'missing space after `-`'
      : 'the indentation does not match the lines above',
  };
}

/** Whether only spaces precede an offset in its line. */
function isIndentation(text: string, offset: number): boolean {
  return /(?:^|\n) *$/.test(text.slice(0, offset));
}

function messageOf({ code, message, pos: [offset] }: YAMLParseError, text: string): string {
  if (code === 'BAD_SCALAR_START')
    return `a value that begins with ${characterName(text.charAt(offset))} must be in quotes`;
  const words = Object.entries(wordsByMessage).find(([part]) => message.includes(part))?.[1];
  return words ?? wordsByCode[code] ?? 'the text is not valid YAML here';
}

function characterName(character: string): string {
  return character === '`' ? 'a backtick' : `\`${character}\``;
}

/** Words for a part of the parser's message, where its code has several meanings. */
const wordsByMessage: Readonly<Record<string, string>> = {
  'Nested mappings':
    'a value that contains `: ` must be in quotes, and each key must be on its own line',
  'followed by map values': 'missing `: ` after the key',
  'Comments must be separated': 'missing space before `#`',
  'Missing space after :': 'missing space after `:`',
  'Missing , ': 'missing `,` between two entries',
  'Unexpected , ': 'missing value before `,`',
  'Unexpected flow-map-end': '`}` without a matching `{`',
  'Unexpected flow-seq-end': '`]` without a matching `[`',
  'on same line with key': 'a list must begin on the line below its key',
  'Block scalar header': 'the text of a block (`|` or `>`) must begin on the next line',
  'at node end': 'unexpected text after the end of a value',
  'directives-end': 'remove `---` and lines that begin with `%`',
};

const anchor = 'anchors (`&name`) and aliases (`*name`) are not supported';
const tag = 'tags (`!name`) are not supported';

/** Words for the codes that mean one thing. */
const wordsByCode: Readonly<Partial<Record<ErrorCode, string>>> = {
  MULTIPLE_DOCS: 'remove the line `---`; only one document is supported',
  TAB_AS_INDENT: tab,
  BAD_INDENT: 'the indentation does not match the lines above',
  BLOCK_AS_IMPLICIT_KEY: 'the indentation does not match the lines above',
  MULTILINE_IMPLICIT_KEY: 'missing `: ` after the key',
  BLOCK_IN_FLOW: 'missing `,` between two entries',
  BAD_DQ_ESCAPE: 'unknown escape sequence. In double quotes, write a backslash as `\\\\`',
  KEY_OVER_1024_CHARS: 'a key must not have more than 1024 characters',
  BAD_DIRECTIVE: 'remove `---` and lines that begin with `%`',
  DUPLICATE_KEY: 'this key is a duplicate',
  ALIAS_PROPS: anchor,
  BAD_ALIAS: anchor,
  MULTIPLE_ANCHORS: anchor,
  BAD_PROP_ORDER: tag,
  BAD_COLLECTION_TYPE: tag,
  MULTIPLE_TAGS: tag,
  NON_STRING_KEY: tag,
  TAG_RESOLVE_FAILED: tag,
};
