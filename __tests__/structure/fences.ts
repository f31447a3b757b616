import { parseAllDocuments } from 'yaml';
import { text } from './tree.ts';

/** The YAML of a document's fences, without their indentation; all of a YAML file. */
export function fencesOf(path: string): readonly string[] {
  if (!path.endsWith('.md')) return [text(path)];
  return [...text(path).matchAll(/^( *)```ya?ml\n([\s\S]*?)^ *```$/gm)].map(
    ([, indentation = '', body = '']) => body.replaceAll(new RegExp(`^${indentation}`, 'gm'), ''),
  );
}

/** What a text with one or more YAML documents says. */
export function valuesOf(body: string): readonly unknown[] {
  return parseAllDocuments(body).map((document): unknown => document.toJS());
}

/** A step that uses an action of this repository. */
export interface Step {
  readonly id: string | undefined;
  /** Its inputs as the runner would deliver them, but for expressions. */
  readonly inputs: Readonly<Record<string, string>>;
}

/** Every step that uses this action in a YAML document, however deep; or the one in a `folder`. */
export function stepsIn(node: unknown, folder = ''): readonly Step[] {
  const action = `org/machine-id-action${folder}@`;
  return mappingsIn(node).flatMap((mapping) =>
    String(mapping.get('uses')).startsWith(action) ? [stepOf(Object.fromEntries(mapping))] : [],
  );
}

/** A step's id and inputs. */
export function stepOf(step: unknown): Step {
  const mapping = new Map<string, unknown>(Object.entries(Object(step)));
  const id = mapping.get('id');
  const given = Object.entries(Object(mapping.get('with')));
  return {
    id: typeof id === 'string' ? id : undefined,
    inputs: Object.fromEntries(given.map(([name, value]) => [name, String(value)])),
  };
}

/** Every mapping in a YAML document, however deep. */
export function mappingsIn(node: unknown): readonly ReadonlyMap<string, unknown>[] {
  if (Array.isArray(node)) return node.flatMap(mappingsIn);
  if (typeof node !== 'object' || node === null) return [];
  return [new Map(Object.entries(node)), ...Object.values(node).flatMap(mappingsIn)];
}
