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
  const { inputs, outputs = {} }: Manifest = parse(text);
  return {
    inputs: table(['input', 'description', 'default'], Object.entries(inputs).map(inputRow)),
    outputs: table(
      ['output', 'description'],
      Object.entries(outputs).map(([name, { description }]) => [linked(name), description]),
    ),
  };
}

/** The description ends with `Default: ...` or, for an input that is required, with `Required.` */
export function inputRow([name, { description }]: readonly [string, Entry]): readonly string[] {
  const [, text = description, value = ''] =
    /^(.*) Default: (.*)\.$/s.exec(description.trim()) ?? [];
  return [linked(name), text, value === 'none' ? '' : value];
}

function linked(name: string): string {
  const link = inputLinks[name];
  return link === undefined ? code(name) : `[${code(name)}](${link})`;
}
