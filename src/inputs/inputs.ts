import type { Yaml } from '../yaml/parse.ts';
import { conflicts } from './conflicts.ts';
import { givenOnes, type InputDictionary, type InputsRead, readTable } from './read-table.ts';
import { type Inputs, inputTable } from './table.ts';
import { ignoredInputs, endpointOf } from './endpoint-inputs.ts';

export type { InputDictionary } from './read-table.ts';
export type { Inputs } from './table.ts';

export interface StepInputs extends InputsRead<Inputs> {
  /** What has no use here, and had one where the workflow comes from. */
  readonly notices: readonly string[];
}

/**
 * Reads the inputs of a step. An empty input is an absent one. `yaml` is needed when `holdsYaml`
 * says so. Throws one Problem `inputs` that names every mistake.
 */
export function readInputs(dictionary: InputDictionary, yaml?: Yaml): StepInputs {
  const { inputs, warnings } = readTable(inputTable, conflicts, dictionary, yaml);
  const { proxy: _, authServer: __, caPins: ___, ...rest } = inputs;
  return {
    inputs: { ...rest, endpoint: endpointOf(inputs) },
    warnings,
    notices: ignoredInputs(inputs),
  };
}

/** Whether an input has to be read as YAML; the package for that is slow to load. */
export function holdsYaml(dictionary: InputDictionary): boolean {
  const names = Object.values(inputTable).flatMap((input) => ('read' in input ? [input.name] : []));
  return [...givenOnes(dictionary).keys()].some((given) => names.some((name) => name === given));
}
