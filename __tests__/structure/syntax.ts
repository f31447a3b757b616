import { dirname, join } from 'node:path/posix';
import { parseAst } from 'rolldown/parseAst';
import { text } from './tree.ts';

/** A node of the syntax tree (ESTree). */
export interface Node {
  readonly type: string;
  readonly start: number;
  readonly end: number;
  readonly [key: string]: unknown;
}

interface Source {
  readonly path: string;
  readonly text: string;
  /** All nodes of the tree, parents before their children. */
  readonly nodes: readonly Node[];
}

const sources = new Map<string, Source>();

/** Parses a TypeScript file of the repository. */
export function parseSource(path: string): Source {
  const known = sources.get(path);
  if (known) return known;
  const content = text(path);
  const nodes: Node[] = [];
  visit(parseAst(content, { lang: 'ts' }, path), nodes);
  const source = { path, text: content, nodes };
  sources.set(path, source);
  return source;
}

function visit(value: unknown, nodes: Node[]): void {
  if (Array.isArray(value)) {
    for (const element of value) visit(element, nodes);
  } else if (isNode(value)) {
    nodes.push(value);
    for (const child of Object.values(value)) visit(child, nodes);
  }
}

export function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null && 'type' in value && 'start' in value;
}

/** Returns the text of a string literal, or undefined. */
export function literalOf(value: unknown): string | undefined {
  return isNode(value) && value.type === 'Literal' && typeof value['value'] === 'string'
    ? value['value']
    : undefined;
}

export interface Import {
  /** The specifier, or the path in the repository for a relative one. */
  readonly from: string;
  /** `import()`. */
  readonly dynamic: boolean;
  /** `import type`, which does not exist at run time. */
  readonly typeOnly: boolean;
}

const importing = new Set(['ImportDeclaration', 'ExportNamedDeclaration', 'ExportAllDeclaration']);

export function importsOf(path: string): readonly Import[] {
  return parseSource(path).nodes.flatMap((node) => {
    const dynamic = node.type === 'ImportExpression';
    const from = literalOf(node['source']);
    if (from === undefined || (!dynamic && !importing.has(node.type))) return [];
    const typeOnly = node['importKind'] === 'type' || node['exportKind'] === 'type';
    return [{ from: from.startsWith('.') ? join(dirname(path), from) : from, dynamic, typeOnly }];
  });
}

/** Returns everything that a file loads at run time: itself, files, modules and packages. */
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
  const { text: content, nodes } = parseSource(path);
  const lineAt = (offset: number): number => content.slice(0, offset).split('\n').length;
  return nodes
    .filter(({ type }) => functions.has(type))
    .map(({ start, end }) => ({
      place: `${path}:${lineAt(start)}`,
      lines: lineAt(end) - lineAt(start) + 1,
    }));
}
