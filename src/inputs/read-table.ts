import { InputError, InputErrors } from '../text/input-error.ts';
import type { Yaml } from '../yaml/parse.ts';
import { inTableOrder, inputProblem } from './input-problem.ts';
import type { Given, Input, InputsOf, InputTable, Read, YamlInput } from './table.ts';
import { unknownInputs } from './unknown.ts';

/** The inputs of a step by their names in action.yml, as the runner delivers them. */
export type InputDictionary = Readonly<Record<string, string>>;

export interface InputsRead<I> {
  readonly inputs: I;
  /** What is odd but does no harm. */
  readonly warnings: readonly string[];
}

/**
 * What to look for beside the values one by one: a sentence for each mistake, which begins with an
 * input's name. It is looked for also when some values can't be read.
 */
export type Check<T extends InputTable> = (values: Read<T>, given: Given) => readonly string[];

/**
 * Reads the inputs of an action by its table. `yaml` is needed where one of those given holds YAML.
 * Throws one Problem `inputs` that names every mistake.
 */
export function readTable<T extends InputTable>(
  table: T,
  check: Check<T>,
  dictionary: InputDictionary,
  yaml?: Yaml,
): InputsRead<InputsOf<T>> {
  const given = givenOnes(dictionary);
  const unknown = unknownInputs(table, given);
  const errors: string[] = [];
  const values = Object.entries(table).map(([key, input]) => [
    key,
    valueOf(input, given, errors, yaml),
  ]);
  // The table gives each key its type, and a value that could not be read has left a mistake.
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion
  const inputs = Object.fromEntries(values) as InputsOf<T>;
  errors.push(...check(inputs, given));
  const found = [...unknown.errors, ...inTableOrder(table, errors)];
  if (found.length > 0) throw inputProblem(found);
  return { inputs, warnings: unknown.warnings };
}

/** What is not empty, by names in lower case; blanks at the edges are still there. */
export function givenOnes(dictionary: InputDictionary): Map<string, string> {
  return new Map(
    Object.entries(dictionary)
      .map(([name, value]) => [name.toLowerCase(), value] as const)
      .filter(([, value]) => value.trim() !== ''),
  );
}

type AnyInput = InputTable[string];

function valueOf(
  input: AnyInput,
  given: ReadonlyMap<string, string>,
  errors: string[],
  yaml: Yaml | undefined,
): unknown {
  try {
    return 'read' in input ? readYaml(input, given, yaml) : parse(input, given);
  } catch (error) {
    const found =
      error instanceof InputErrors
        ? error.all
        : error instanceof InputError
          ? [error.message]
          : undefined;
    if (!found) throw error;
    const name = (error instanceof InputError && error.input) || spelling(input, given);
    errors.push(...found.map((what) => `\`${name}\`: ${what}`));
    return undefined;
  }
}

function parse(input: Input<unknown>, given: ReadonlyMap<string, string>): unknown {
  const text = textOf(input, given) ?? input.defaultValue;
  if (text !== undefined) return input.parse(text);
  if (input.required) throw new InputError('is needed');
  return undefined;
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

/** The name by which the author gave an input. */
function spelling({ name, alias }: AnyInput, given: ReadonlyMap<string, string>): string {
  return alias && given.has(alias.name) && !given.has(name) ? alias.name : name;
}

/** The value under the input's name, or under its older spelling; undefined when it is absent. */
export function textOf(
  input: Input<unknown>,
  given: ReadonlyMap<string, string>,
): string | undefined {
  const text = given.get(input.name)?.trim();
  const { alias } = input;
  const other = alias && given.get(alias.name)?.trim();
  if (alias === undefined || other === undefined) return text;
  const converted = ofAlias(alias, other);
  if (text !== undefined && String(input.parse(text)) !== String(input.parse(converted)))
    throw new InputError(
      `contradicts \`${alias.name}\`, which is another spelling of it; give one`,
    );
  return converted;
}

type Alias = NonNullable<Input<unknown>['alias']>;

/** What the value of an older spelling is in the newer one. */
function ofAlias({ name, convert }: Alias, text: string): string {
  if (!convert) return text;
  try {
    return convert(text);
  } catch (error) {
    throw error instanceof InputError ? new InputError(error.message, name) : error;
  }
}
