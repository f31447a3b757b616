import type { Endpoint } from '../cluster/endpoint.ts';
import type { Yaml } from '../yaml/parse.ts';
import { notShown } from '../text/display.ts';
import { conflicts } from './conflicts.ts';
import { noticesOf } from './notices.ts';
import {
  type InputDictionary,
  nonEmptyInputs,
  type ReadResult,
  readTable,
  textOf,
} from './read-table.ts';
import { type Inputs, type InputsOf, inputTable } from './table.ts';

export type { InputDictionary } from './read-table.ts';
export type { Inputs } from './table.ts';

export interface StepInputs extends ReadResult<Inputs> {
  /** A sentence for each input that is valid, but probably not what the user intends. */
  readonly notices: readonly string[];
}

/**
 * Reads the inputs of a step. An empty input counts as absent. `yaml` is required if `holdsYaml`
 * returns true. Throws one Problem `inputs` with all errors.
 */
export function readInputs(dictionary: InputDictionary, yaml?: Yaml): StepInputs {
  const { inputs, warnings } = readTable(inputTable, conflicts, dictionary, yaml);
  const { proxy: _, authServer: __, caPins: ___, ...rest } = inputs;
  return {
    inputs: { ...rest, endpoint: endpointOf(inputs) },
    warnings,
    notices: noticesOf(inputs),
  };
}

/** Whether an input contains YAML, so that the package `yaml` has to be loaded, which is slow. */
export function holdsYaml(dictionary: InputDictionary): boolean {
  const names = Object.values(inputTable).flatMap((input) => ('read' in input ? [input.name] : []));
  return [...nonEmptyInputs(dictionary).keys()].some((given) =>
    names.some((name) => name === given),
  );
}

type EndpointInputs = Pick<InputsOf<typeof inputTable>, 'proxy' | 'authServer' | 'caPins'>;

function endpointOf({ proxy, authServer, caPins = [] }: EndpointInputs): Endpoint {
  if (authServer !== undefined)
    return {
      kind: 'auth-server',
      address: authServer,
      caPins: caPins.map((pin) => pin.toLowerCase()),
    };
  if (proxy === undefined) throw new Error('neither `proxy` nor `auth-server` is set');
  return { kind: 'proxy', address: proxy };
}

/**
 * Returns a line for each input with the value that applies, such as `certificate-ttl: 1h (default)`,
 * and the lines of inputs that contain YAML. Omits absent inputs without a default. `masked` contains
 * the texts that replace values with secrets.
 */
export function inputLines(
  dictionary: InputDictionary,
  masked: Readonly<Record<string, string>>,
): readonly string[] {
  const given = nonEmptyInputs(dictionary);
  return Object.values(inputTable).flatMap((input) => {
    const { name } = input;
    if ('read' in input) return yamlLines(name, masked[name] ?? given.get(name));
    const text = textOf(input, given);
    const value = text ?? input.defaultValue;
    if (value === undefined) return [];
    const shown = masked[name] ?? withoutPassword(value.split(/\s*\n\s*/).join(', '));
    return [`${name}: ${shown}${text === undefined ? ' (default)' : ''}`];
  });
}

function yamlLines(name: string, text: string | undefined): readonly string[] {
  if (text === undefined) return [];
  const lines = withoutPassword(text).trimEnd().split('\n');
  return [`${name}:`, ...lines.map((line) => `  ${line}`)];
}

function withoutPassword(text: string): string {
  return text.includes('@') ? notShown : text;
}
