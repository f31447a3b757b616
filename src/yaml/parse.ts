import type * as yamlPackage from 'yaml';
import type { Node, Pair } from 'yaml';
import { flawOf } from './flaw.ts';
import { type AddError, type Entry, type Position, start, type Tree } from './tree.ts';

/** The package `yaml`: it is slow to load, so whoever has a YAML text to read brings it. */
export type Yaml = typeof yamlPackage;

/** Characters: what people write by hand is far shorter. */
const longest = 100_000;
/** No service is nested so deep; the readers of the tree recur. */
const deepest = 50;

/**
 * Reads one YAML document of plain data: no aliases (they can grow without bound), tags, merge keys
 * or keys that are no texts. `discreet` tells nothing of what stands in the text. Undefined after a
 * complaint that leaves nothing to read.
 */
export function parseYaml(
  given: string,
  yaml: Yaml,
  addError: AddError,
  { discreet = false } = {},
): Tree | undefined {
  // The mark of byte order that some editors write is no part of the text.
  const text = given.replace(/^\uFEFF/, '');
  if (text.length > longest) return addError(start, `is longer than ${longest} characters`);
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
    // Looked for below: it is a mistake beside others, and this way it is found fast.
    uniqueKeys: false,
    logLevel: 'error',
  });
  // Further ones follow from the first.
  const [error] = document.errors.toSorted((one, other) => one.pos[0] - other.pos[0]);
  if (error) {
    const { at, what } = flawOf(error, text, { place, discreet });
    return addError(at, what);
  }
  const reading = { yaml, addError, place, depth: 0 };
  return document.contents === null
    ? { kind: 'scalar', at: start, text: undefined, quoted: false }
    : treeOf(document.contents, reading);
}

interface Reading {
  readonly yaml: Yaml;
  readonly addError: AddError;
  readonly place: (offset: number) => Position;
  readonly depth: number;
}

function treeOf(node: unknown, outer: Reading): Tree {
  const { yaml, addError, place, depth } = outer;
  const reading = { ...outer, depth: depth + 1 };
  if (!yaml.isNode(node)) return { kind: 'scalar', at: start, text: undefined, quoted: false };
  const at = place(node.range?.[0] ?? 0);
  if (yaml.isAlias(node) || node.tag !== undefined) {
    addError(at, yaml.isAlias(node) ? alias : tag);
    return { kind: 'unread', at };
  }
  if (yaml.isCollection(node) && depth >= deepest) {
    addError(at, `is nested deeper than ${deepest} times`);
    return { kind: 'unread', at };
  }
  if (yaml.isSeq(node))
    return { kind: 'list', at, items: node.items.map((item) => treeOf(item, reading)) };
  if (yaml.isMap(node)) {
    const entries = node.items.flatMap((pair) => entryOf(pair, at, reading) ?? []);
    return { kind: 'map', at, entries: unique(entries, addError) };
  }
  return { kind: 'scalar', at, ...scalarOf(node, reading) };
}

const alias = 'an alias (`*name`) is not taken; write out what it stands for';
const tag = 'a tag (`!name`) is not taken';

function scalarOf(
  node: Node,
  { yaml }: Reading,
): { readonly text: string | undefined; readonly quoted: boolean } {
  if (!yaml.isScalar(node) || node.value === null) return { text: undefined, quoted: false };
  const { value, source } = node;
  // The source of a number or a boolean is what a reader of texts would see.
  return { text: typeof value === 'string' ? value : source, quoted: node.type !== 'PLAIN' };
}

function unique(entries: readonly Entry[], addError: AddError): readonly Entry[] {
  const seen = new Set<string>();
  return entries.filter(({ key, at }) => {
    if (seen.has(key)) addError(at, 'this key is there twice');
    return seen.size < seen.add(key).size;
  });
}

function entryOf(pair: Pair, around: Position, reading: Reading): Entry | undefined {
  const { yaml, addError, place } = reading;
  const { key, value } = pair;
  const at = yaml.isNode(key) ? place(key.range?.[0] ?? 0) : around;
  if (!yaml.isScalar(key) || key.value === null || key.tag !== undefined)
    return addError(at, 'a key must be a plain text');
  const text = scalarOf(key, reading).text ?? '';
  const tree = value === null ? nothingAt(at) : treeOf(value, reading);
  return { key: text, at, value: tree };
}

function nothingAt(at: Position): Tree {
  return { kind: 'scalar', at, text: undefined, quoted: false };
}
