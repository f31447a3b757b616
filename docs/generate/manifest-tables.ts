import { parse } from 'yaml';
import { code, table } from './markdown.ts';
import { inputLinks } from './texts.ts';

interface Entry {
  readonly description: string;
}

/** The content of an `action.yml`. */
export interface Manifest {
  readonly inputs: Readonly<Record<string, Entry>>;
  readonly outputs?: Readonly<Record<string, Entry>>;
}

/** Returns the tables of inputs and outputs of an action's manifest, the text of an `action.yml`. */
export function manifestTables(text: string): {
  readonly inputs: string;
  readonly outputs: string;
} {
  return tables(parse(text), linked);
}

/** Returns the tables of a reusable workflow. */
export function workflowTables(text: string): ReturnType<typeof manifestTables> {
  const { on }: { on: { workflow_call: Manifest } } = parse(text);
  return tables(on.workflow_call, code);
}

function tables(
  { inputs, outputs = {} }: Manifest,
  nameOf: (name: string) => string,
): ReturnType<typeof manifestTables> {
  const rows = Object.entries(inputs).map((entry) => inputRow(entry, nameOf));
  return {
    inputs: table(['input', 'description', 'default'], rows),
    outputs: table(
      ['output', 'description'],
      Object.entries(outputs).map(([name, { description }]) => [nameOf(name), description]),
    ),
  };
}

/** The description ends with `Default: ...` or, for an input that is required, with `Required.` */
export function inputRow(
  [name, { description }]: readonly [string, Entry],
  nameOf: (name: string) => string = code,
): readonly string[] {
  const [, text = description, value = ''] =
    /^(.*) Default: (.*)\.$/s.exec(description.trim()) ?? [];
  return [nameOf(name), text, value === 'none' ? '' : value];
}

function linked(name: string): string {
  const link = inputLinks[name];
  return link === undefined ? code(name) : `[${code(name)}](${link})`;
}
