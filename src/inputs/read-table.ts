import { InputError, InputErrors, type InvalidInput } from '../text/input-error.ts';
import { nearest } from '../text/nearest.ts';
import type { Yaml } from '../yaml/parse.ts';
import { inputProblem } from './invalid-input.ts';
import type { GivenInputs, Input, InputsOf, InputTable, ValidInputs, YamlInput } from './table.ts';

/** The inputs of a step by their names in action.yml, as the CI system passes them. */
export type InputDictionary = Readonly<Record<string, string>>;

export interface ReadResult<I> {
  readonly inputs: I;
  /** A sentence for each input that does not exist and is ignored. */
  readonly warnings: readonly string[];
}

/** Returns the conflicts between inputs. Called even if some values are invalid. */
export type Check<T extends InputTable> = (
  values: ValidInputs<T>,
  given: GivenInputs,
) => readonly InvalidInput[];

/**
 * Reads the inputs of an action by its table. `yaml` is required if an input that is set contains
 * YAML. Throws one Problem `inputs` with all errors.
 */
export function readTable<T extends InputTable>(
  table: T,
  check: Check<T>,
  dictionary: InputDictionary,
  yaml?: Yaml,
): ReadResult<InputsOf<T>> {
  const given = nonEmptyInputs(dictionary);
  const unknown = unknownInputs(table, given);
  const errors: InvalidInput[] = [];
  const values = Object.entries(table).map(([key, input]) => [
    key,
    valueOf(input, given, errors, yaml),
  ]);
  // The table determines the type of each key, and an invalid value has added an error.
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion
  const inputs = Object.fromEntries(values) as InputsOf<T>;
  errors.push(...check(inputs, given));
  const all = [...unknown.errors, ...inTableOrder(table, errors)];
  if (all.length > 0) throw inputProblem(all);
  return { inputs, warnings: unknown.warnings };
}

/** Returns the values that are not blank, untrimmed, by names in lower case. */
export function nonEmptyInputs(dictionary: InputDictionary): Map<string, string> {
  return new Map(
    Object.entries(dictionary)
      .map(([name, value]) => [name.toLowerCase(), value] as const)
      .filter(([, value]) => value.trim() !== ''),
  );
}

/** Reports names that are not in the table: an error if one resembles an input, otherwise a warning. */
function unknownInputs(
  table: InputTable,
  given: ReadonlyMap<string, string>,
): { readonly errors: readonly InvalidInput[]; readonly warnings: readonly string[] } {
  const known = Object.values(table).flatMap((input) =>
    input.alias ? [input.name, input.alias.name] : [input.name],
  );
  const unknown = [...given.keys()]
    .filter((name) => !known.includes(name))
    .map((name) => ({ name, meant: nearest(name, known) }));
  return {
    errors: unknown.flatMap(({ name, meant }) =>
      meant ? [{ input: name, state: 'unknown', message: `did you mean \`${meant}\`?` }] : [],
    ),
    warnings: unknown.flatMap(({ name, meant }) =>
      meant ? [] : [`\`${name}\` is not an input of this action and is ignored.`],
    ),
  };
}

type AnyInput = InputTable[string];

function valueOf(
  input: AnyInput,
  given: ReadonlyMap<string, string>,
  errors: InvalidInput[],
  yaml: Yaml | undefined,
): unknown {
  if (input.required && !given.has(input.name)) {
    errors.push({ input: input.name, state: 'required', message: `set it to ${input.expected}` });
    return undefined;
  }
  try {
    return 'read' in input ? readYaml(input, given, yaml) : parse(input, given);
  } catch (error) {
    if (!(error instanceof InputError || error instanceof InputErrors)) throw error;
    const all = error instanceof InputErrors ? error.all : [{ message: error.message }];
    const name = (error instanceof InputError && error.input) || givenName(input, given);
    errors.push(...all.map((one) => ({ ...one, input: name })));
    return undefined;
  }
}

function parse(input: Input<unknown>, given: ReadonlyMap<string, string>): unknown {
  const text = textOf(input, given) ?? input.defaultValue;
  return text === undefined ? undefined : input.parse(text);
}

function readYaml(
  { name, read }: YamlInput<unknown>,
  given: ReadonlyMap<string, string>,
  yaml: Yaml | undefined,
): unknown {
  const text = given.get(name);
  if (text === undefined) return undefined;
  if (!yaml) throw new Error(`\`${name}\` cannot be read without the package yaml`);
  return read(text, yaml);
}

/** Returns the name under which the workflow sets an input. */
function givenName({ name, alias }: AnyInput, given: ReadonlyMap<string, string>): string {
  return alias && given.has(alias.name) && !given.has(name) ? alias.name : name;
}

/** Returns the value of an input or of its alias. Undefined if neither is set. */
export function textOf(
  input: Input<unknown>,
  given: ReadonlyMap<string, string>,
): string | undefined {
  const text = given.get(input.name)?.trim();
  const { alias } = input;
  const aliased = alias && given.get(alias.name)?.trim();
  if (alias === undefined || aliased === undefined) return text;
  const converted = convertAlias(alias, aliased);
  if (text !== undefined && String(input.parse(text)) !== String(input.parse(converted)))
    throw new InputError(`it contradicts its alias \`${alias.name}\`. Set only one of them`);
  return converted;
}

type Alias = NonNullable<Input<unknown>['alias']>;

/** Converts the value of an alias. */
function convertAlias({ name, convert }: Alias, text: string): string {
  if (!convert) return text;
  try {
    return convert(text);
  } catch (error) {
    throw error instanceof InputError ? new InputError(error.message, name) : error;
  }
}

/** Sorts errors in the order of the table, which is the order of the documentation. */
function inTableOrder(table: InputTable, errors: readonly InvalidInput[]): readonly InvalidInput[] {
  const names = Object.values(table).flatMap(({ name, alias }) => [name, alias?.name]);
  return errors.toSorted((one, other) => names.indexOf(one.input) - names.indexOf(other.input));
}
