import { parse } from 'yaml';
import { text } from './structure/tree.ts';

/** A resource of Teleport, with the keys that the documentation uses. */
export interface Resource {
  readonly kind: string;
  readonly version: string;
  readonly metadata: { readonly name: string };
  readonly spec: Readonly<Record<string, unknown>>;
}

/** A file of HCL in a document, or a part of one. */
export interface HclFence {
  /** The path in the comment on the first line; undefined for a part of a file. */
  readonly path: string | undefined;
  readonly body: string;
}

/** Returns the HCL fences of a document. */
export function hclFences(document: string): readonly HclFence[] {
  return [...text(document).matchAll(/^```hcl\n([\s\S]*?)^```$/gm)].map(([, body = '']) => ({
    path: /^# (\S+\.tf)\n/.exec(body)?.[1],
    body,
  }));
}

/** Returns the resources of Teleport in the files of a document, with the modules that they call. */
export function resourcesOf(document: string): readonly Resource[] {
  const bodies = hclFences(document);
  const moduleAt = (folder: string): string =>
    bodies.flatMap(({ path, body }) => (folderOf(path) === folder ? [body] : [])).join('\n');
  const inModule = (folder: string, variables: Scope): readonly Resource[] => {
    const blocks = blocksOf(moduleAt(folder));
    const scope = { ...scopeOf(blocks), var: variables };
    return instancesOf(blocks, scope).flatMap(({ kind: [type = '', label = ''], values }) => {
      if (type === 'module') return inModule(String(values['source']).slice(2), values);
      const kind = type === 'resource' ? kinds.get(label) : undefined;
      return kind === undefined ? [] : [JSON.parse(JSON.stringify({ kind, ...values }))];
    });
  };
  return inModule('', {});
}

const kinds: ReadonlyMap<string, string> = new Map([
  ['teleport_role', 'role'],
  ['teleport_bot', 'bot'],
  ['teleport_provision_token', 'token'],
]);

function folderOf(path: string | undefined): string | undefined {
  return path?.split('/').slice(0, -1).join('/');
}

type Scope = Readonly<Record<string, unknown>>;

/** A block, with the words of its header. */
interface Block {
  readonly kind: readonly string[];
  readonly values: Scope;
}

/**
 * Reads blocks in the format of hclfmt as YAML, in which references and `for` are plain text. Throws an
 * Error for other expressions.
 */
function blocksOf(hcl: string): readonly Block[] {
  const body = hcl
    .replaceAll(/"(?:\\.|[^"\\])*"|#.*|\s+= /g, (part) => {
      if (part.startsWith('"')) return part;
      return part.startsWith('#') ? '' : ': ';
    })
    .replaceAll(
      /^( *)(\w+(?: "[^"]*")*) \{$/gm,
      (_, indentation: string, header: string, offset: number) =>
        `${indentation}"${header.replaceAll('"', '')} ${offset}": {`,
    )
    .replaceAll(/(?<=[^\s{[(,])$/gm, ',');
  return Object.entries(parse(`{${body}}`)).map(([header, values]) => ({
    kind: header.split(' '),
    values: Object(values),
  }));
}

/** Returns what the expressions of a module can refer to. */
function scopeOf(blocks: readonly Block[]): Scope {
  const scope: Record<string, Record<string, unknown>> = { local: {} };
  for (const { kind, values } of blocks) {
    const [type, label = '', name = ''] = kind;
    if (type === 'locals') Object.assign(scope['local'] ?? {}, values);
    if (type === 'resource') (scope[label] ??= {})[name] = values;
  }
  return scope;
}

/** Evaluates blocks; one with `for_each` results in several. */
function instancesOf(blocks: readonly Block[], scope: Scope): readonly Block[] {
  return blocks.flatMap(({ kind, values: { for_each: each, ...values } }) =>
    each === undefined
      ? [{ kind, values: valuesOf(values, scope) }]
      : Object.entries(valuesOf(each, scope)).map(([key, value]) => ({
          kind,
          values: valuesOf(values, { ...scope, each: { key, value } }),
        })),
  );
}

function valuesOf(node: unknown, scope: Scope): Scope {
  return Object(evaluate(node, scope));
}

const comprehension = /^for (\w+) in (\S+)$/;

function evaluate(node: unknown, scope: Scope): unknown {
  if (typeof node === 'string') return evaluateText(node, scope);
  if (Array.isArray(node)) return node.flatMap((item) => evaluateItem(item, scope));
  if (typeof node !== 'object' || node === null) return node;
  return Object.fromEntries(
    Object.entries(node).map(([key, value]) => [key, evaluate(value, scope)]),
  );
}

/** Evaluates an item of a list; `for` results in several. */
function evaluateItem(item: unknown, scope: Scope): readonly unknown[] {
  const [first] = Object.entries(Object(item));
  const [, name = '', list = ''] = comprehension.exec(first?.[0] ?? '') ?? [];
  if (name === '') return [evaluate(item, scope)];
  const values = evaluate(list, scope);
  if (!Array.isArray(values)) throw new Error(`${list} is not a list`);
  return values.map((value) => evaluate(first?.[1], { ...scope, [name]: value }));
}

/** Evaluates a reference, or a text with references in `${}`. */
function evaluateText(node: string, scope: Scope): unknown {
  const [root = ''] = node.split('.');
  if (root in scope && /^[\w.]+$/.test(node)) return evaluate(lookUp(node, scope), scope);
  return node.replaceAll(/\$\{([\w.]+)\}/g, (_, reference: string) =>
    String(evaluate(lookUp(reference, scope), scope)),
  );
}

function lookUp(reference: string, scope: Scope): unknown {
  const found = reference
    .split('.')
    .reduce<unknown>((node, key) => new Map(Object.entries(Object(node))).get(key), scope);
  if (found === undefined) throw new Error(`${reference} is not defined`);
  return found;
}
