import type * as yamlPackage from 'yaml';
import type { Node, Pair } from 'yaml';
import { type Position, placeName } from '../text/input-error.ts';
import { syntaxError } from './syntax-error.ts';
import { type AddError, type Entry, start, type Tree } from './tree.ts';

/** The package `yaml`. It is slow to load, so the caller loads it only if there is YAML to read. */
export type Yaml = typeof yamlPackage;

/** Characters. Hand-written documents are far shorter. */
const maxLength = 100_000;
/** Levels. No service is nested as deeply, and the functions that read the tree are recursive. */
const maxDepth = 50;

/**
 * Parses one YAML document of plain data: no aliases (they can expand without bound), tags, merge keys
 * or keys other than text. Errors do not quote the document. Undefined if an error leaves nothing to
 * read.
 */
export function parseYaml(given: string, yaml: Yaml, addError: AddError): Tree | undefined {
  // Some editors write a byte order mark, which is not part of the document.
  const text = given.replace(/^\uFEFF/, '');
  if (text.length > maxLength)
    return addError(start, `the text is longer than ${maxLength} characters`);
  const lineCounter = new yaml.LineCounter();
  const place = (offset: number): Position => {
    const { line, col } = lineCounter.linePos(offset);
    return { line: Math.max(1, line), column: Math.max(1, col) };
  };
  const document = yaml.parseDocument(text, {
    lineCounter,
    prettyErrors: false,
    version: '1.2',
    merge: false,
    keepSourceTokens: false,
    // Checked below, which is faster and reports duplicate keys together with other errors.
    uniqueKeys: false,
    logLevel: 'error',
  });
  const error = syntaxError(document, { text, yaml, place });
  if (error) return addError(error.at, error.message);
  const context = { yaml, addError, place, depth: 0 };
  return document.contents === null
    ? { kind: 'scalar', at: start, text: undefined, quoted: false }
    : treeOf(document.contents, context);
}

interface ParseContext {
  readonly yaml: Yaml;
  readonly addError: AddError;
  readonly place: (offset: number) => Position;
  readonly depth: number;
}

function treeOf(node: unknown, parent: ParseContext): Tree {
  const { yaml, addError, place, depth } = parent;
  const context = { ...parent, depth: depth + 1 };
  if (!yaml.isNode(node)) return { kind: 'scalar', at: start, text: undefined, quoted: false };
  const at = place(node.range?.[0] ?? 0);
  if (yaml.isAlias(node) || node.tag !== undefined) {
    addError(at, yaml.isAlias(node) ? alias : tag);
    return { kind: 'unread', at };
  }
  if (yaml.isCollection(node) && depth >= maxDepth) {
    addError(at, `the text has more than ${maxDepth} levels`);
    return { kind: 'unread', at };
  }
  if (yaml.isSeq(node))
    return { kind: 'list', at, items: node.items.map((item) => treeOf(item, context)) };
  if (yaml.isMap(node)) {
    const entries = node.items.flatMap((pair) => entryOf(pair, at, context) ?? []);
    return { kind: 'map', at, entries: unique(entries, addError) };
  }
  return { kind: 'scalar', at, ...scalarOf(node, context) };
}

const alias = 'aliases (`*name`) are not supported. Repeat the value instead';
const tag = 'tags (`!name`) are not supported';

function scalarOf(
  node: Node,
  { yaml }: ParseContext,
): { readonly text: string | undefined; readonly quoted: boolean } {
  if (!yaml.isScalar(node) || node.value === null) return { text: undefined, quoted: false };
  const { value, source } = node;
  // Numbers and booleans keep their spelling, because fields are read as text.
  return { text: typeof value === 'string' ? value : source, quoted: node.type !== 'PLAIN' };
}

function unique(entries: readonly Entry[], addError: AddError): readonly Entry[] {
  const first = new Map<string, Position>();
  return entries.filter(({ key, at }) => {
    const before = first.get(key);
    if (before === undefined) first.set(key, at);
    else addError(at, `this key is a duplicate of the one at ${placeName(before)}`);
    return before === undefined;
  });
}

function entryOf(pair: Pair, around: Position, context: ParseContext): Entry | undefined {
  const { yaml, addError, place } = context;
  const { key, value } = pair;
  const at = yaml.isNode(key) ? place(key.range?.[0] ?? 0) : around;
  if (!yaml.isScalar(key) || key.value === null || key.tag !== undefined)
    return addError(
      at,
      'a key must be text. Put a value that begins with `{`, `[` or `?` in quotes',
    );
  const text = scalarOf(key, context).text ?? '';
  const tree = value === null ? nothingAt(at) : treeOf(value, context);
  return { key: text, at, value: tree };
}

function nothingAt(at: Position): Tree {
  return { kind: 'scalar', at, text: undefined, quoted: false };
}
