import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parse } from 'yaml';

/** An action from its action.yml, with absolute paths. */
export interface ActionManifest {
  readonly main: string;
  readonly post?: string;
  /** The declared inputs with their defaults. */
  readonly inputs: Readonly<Record<string, string | undefined>>;
}

/** Reads `action.yml` of a folder. Supports only Node actions. */
export async function readAction(folder: string): Promise<ActionManifest> {
  const document: unknown = parse(await readFile(join(folder, 'action.yml'), 'utf8'));
  const root = mapping(document);
  const runs = mapping(root['runs']);
  if (!String(runs['using']).startsWith('node')) throw new Error('not a node action');
  const inputs = Object.entries(mapping(root['inputs'])).map(
    ([name, input]) => [name, text(mapping(input)['default'])] as const,
  );
  const post = text(runs['post']);
  return {
    main: join(folder, text(runs['main']) ?? ''),
    ...(post === undefined ? {} : { post: join(folder, post) }),
    inputs: Object.fromEntries(inputs),
  };
}

function mapping(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? { ...value } : {};
}

function text(value: unknown): string | undefined {
  if (typeof value === 'string') return value;
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : undefined;
}
