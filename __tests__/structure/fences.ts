import { parse, parseAllDocuments } from 'yaml';
import { reference } from '../../docs/generate/reference.ts';
import { text } from './tree.ts';

/** Returns the YAML fences of a document, without their indentation, or the content of a YAML file. */
export function fencesOf(path: string): readonly string[] {
  if (!path.endsWith('.md')) return [text(path)];
  return [...text(path).matchAll(/^( *)```ya?ml\n([\s\S]*?)^ *```$/gm)].map(
    ([, indentation = '', body = '']) => body.replaceAll(new RegExp(`^${indentation}`, 'gm'), ''),
  );
}

/** Returns the values of the YAML documents in a text. */
export function valuesOf(body: string): readonly unknown[] {
  return parseAllDocuments(body).map((document): unknown => document.toJS());
}

/** A step that uses an action of this repository. */
export interface Step {
  readonly id: string | undefined;
  /** Inputs as the runner passes them, with expressions as they are written. */
  readonly inputs: Readonly<Record<string, string>>;
}

/** Returns the steps of a YAML document that use this action, or the action in `folder`, at any depth. */
export function stepsIn(node: unknown, folder = ''): readonly Step[] {
  const action = reference.replace('@', `${folder}@`);
  return mappingsIn(node).flatMap((mapping) =>
    mapping.get('uses') === action ? [stepOf(Object.fromEntries(mapping))] : [],
  );
}

/** Returns the id and inputs of a step. */
export function stepOf(step: unknown): Step {
  const mapping = new Map<string, unknown>(Object.entries(Object(step)));
  const id = mapping.get('id');
  const given = Object.entries(Object(mapping.get('with')));
  return {
    id: typeof id === 'string' ? id : undefined,
    inputs: Object.fromEntries(given.map(([name, value]) => [name, String(value)])),
  };
}

/** Returns the mappings of a YAML document, at any depth. */
export function mappingsIn(node: unknown): readonly ReadonlyMap<string, unknown>[] {
  if (Array.isArray(node)) return node.flatMap(mappingsIn);
  if (typeof node !== 'object' || node === null) return [];
  return [new Map(Object.entries(node)), ...Object.values(node).flatMap(mappingsIn)];
}

/** A configuration of tbot that a script writes. */
export interface WrittenConfig {
  readonly proxy_server: string;
  readonly onboarding: { readonly token: string };
  readonly credential_ttl?: string;
  readonly outputs?: readonly WrittenService[];
  readonly services?: readonly WrittenService[];
}

interface WrittenService {
  readonly destination?: { readonly path: string };
  readonly [key: string]: unknown;
}

/** Returns the configuration that a script in a fence writes to `tbot.yaml`. */
export function configIn(fence: string): WrittenConfig | undefined {
  const written = /^( *)cat > tbot\.yaml <<'EOF'\n([\s\S]*?)^ *EOF$/m.exec(fence)?.[2];
  return written === undefined ? undefined : parse(written);
}
