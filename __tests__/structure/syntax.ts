import { dirname, join } from 'node:path/posix';
import { parseAst } from 'rolldown/parseAst';
import { text as read } from './tree.ts';

/** A node of the syntax tree (ESTree); only what is asked for here has a type. */
export interface Node {
  readonly type: string;
  readonly start: number;
  readonly end: number;
  readonly [key: string]: unknown;
}

export interface Source {
  readonly path: string;
  readonly text: string;
  /** Every node with the nodes around it, the nearest last. */
  readonly nodes: readonly { readonly node: Node; readonly around: readonly Node[] }[];
}

const sources = new Map<string, Source>();

/** A TypeScript file of the repository, parsed. */
export function parseSource(path: string): Source {
  const known = sources.get(path);
  if (known) return known;
  const source = parseText(read(path), path);
  sources.set(path, source);
  return source;
}

/** A text in TypeScript, parsed. */
export function parseText(text: string, path = 'text.ts'): Source {
  const nodes: { node: Node; around: readonly Node[] }[] = [];
  visit(parseAst(text, { lang: 'ts' }, path), [], nodes);
  return { path, text, nodes };
}

function visit(
  value: unknown,
  around: readonly Node[],
  nodes: { node: Node; around: readonly Node[] }[],
): void {
  if (Array.isArray(value)) {
    for (const element of value) visit(element, around, nodes);
  } else if (isNode(value)) {
    nodes.push({ node: value, around });
    for (const child of Object.values(value)) visit(child, [...around, value], nodes);
  }
}

export function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null && 'type' in value && 'start' in value;
}

/** The text of a string literal; undefined for anything else. */
export function literalOf(value: unknown): string | undefined {
  return isNode(value) && value.type === 'Literal' && typeof value['value'] === 'string'
    ? value['value']
    : undefined;
}

export interface Import {
  /** As written, or the path in the repository where it is a relative one. */
  readonly from: string;
  /** `import()`. */
  readonly dynamic: boolean;
  /** `import type`: gone when the file runs. */
  readonly typeOnly: boolean;
}

const importing = new Set(['ImportDeclaration', 'ExportNamedDeclaration', 'ExportAllDeclaration']);

export function importsOf(path: string): readonly Import[] {
  return parseSource(path).nodes.flatMap(({ node }) => {
    const dynamic = node.type === 'ImportExpression';
    const from = literalOf(node['source']);
    if (from === undefined || (!dynamic && !importing.has(node.type))) return [];
    const typeOnly = node['importKind'] === 'type' || node['exportKind'] === 'type';
    return [{ from: from.startsWith('.') ? join(dirname(path), from) : from, dynamic, typeOnly }];
  });
}

/** All that a file loads when it runs, at once or later: itself, files, modules and packages. */
export function loadedBy(path: string): ReadonlyMap<string, Import> {
  const loaded = new Map<string, Import>([[path, { from: path, dynamic: false, typeOnly: false }]]);
  for (const name of loaded.keys()) {
    if (!name.endsWith('.ts')) continue;
    for (const found of importsOf(name).filter(({ typeOnly }) => !typeOnly))
      if (!loaded.has(found.from)) loaded.set(found.from, found);
  }
  return loaded;
}

export interface FunctionSize {
  readonly place: string;
  readonly lines: number;
}

const functions = new Set(['FunctionDeclaration', 'FunctionExpression', 'ArrowFunctionExpression']);

export function functionsOf(path: string): readonly FunctionSize[] {
  const { text, nodes } = parseSource(path);
  const lineAt = (offset: number): number => text.slice(0, offset).split('\n').length;
  return nodes
    .filter(({ node }) => functions.has(node.type))
    .map(({ node: { start, end } }) => ({
      place: `${path}:${lineAt(start)}`,
      lines: lineAt(end) - lineAt(start) + 1,
    }));
}
