import { Problem } from '../problem.ts';
import { contradictions } from './contradictions.ts';
import type { Yaml } from '../yaml/parse.ts';
import { Mistake, Mistakes } from '../text/mistake.ts';
import {
  type Given,
  type Input,
  type Inputs,
  type InputsOf,
  type InputTable,
  inputTable,
  type Read,
  type YamlInput,
} from './table.ts';
import { unknownInputs } from './unknown.ts';
import { uselessInputs, wayOf } from './way.ts';

export type { Inputs } from './table.ts';

/** The inputs of a step by their names in action.yml, as the runner delivers them. */
export type InputDictionary = Readonly<Record<string, string>>;

export interface InputsRead<I> {
  readonly inputs: I;
  /** What is odd but does no harm. */
  readonly warnings: readonly string[];
}

export interface StepInputs extends InputsRead<Inputs> {
  /** What has no use here, and had one where the workflow comes from. */
  readonly notices: readonly string[];
}

/**
 * What to look for beside the values one by one: a sentence for each mistake, which begins with an
 * input's name. It is looked for also when some values can't be read.
 */
export type Check<T extends InputTable> = (values: Read<T>, given: Given) => readonly string[];

/**
 * Reads the inputs of a step. An empty input is an absent one. `yaml` is needed when `holdsYaml`
 * says so. Throws one Problem `inputs` that names every mistake.
 */
export function readInputs(dictionary: InputDictionary, yaml?: Yaml): StepInputs {
  const { inputs, warnings } = readTable(inputTable, contradictions, dictionary, yaml);
  const { proxy: _, authServer: __, caPins: ___, ...rest } = inputs;
  return { inputs: { ...rest, way: wayOf(inputs) }, warnings, notices: uselessInputs(inputs) };
}

/** Whether an input has to be read as YAML; the package for that is slow to load. */
export function holdsYaml(dictionary: InputDictionary): boolean {
  const names = Object.values(inputTable).flatMap((input) => ('read' in input ? [input.name] : []));
  return [...givenOnes(dictionary).keys()].some((given) => names.some((name) => name === given));
}

/** The same for the inputs of another action. */
export function readTable<T extends InputTable>(
  table: T,
  check: Check<T>,
  dictionary: InputDictionary,
  yaml?: Yaml,
): InputsRead<InputsOf<T>> {
  const given = givenOnes(dictionary);
  const unknown = unknownInputs(table, given);
  const mistakes: string[] = [];
  const values = Object.entries(table).map(([key, input]) => [
    key,
    valueOf(input, given, mistakes, yaml),
  ]);
  // The table gives each key its type, and a value that could not be read has left a mistake.
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion
  const inputs = Object.fromEntries(values) as InputsOf<T>;
  mistakes.push(...check(inputs, given));
  const found = [...unknown.mistakes, ...inOrderOf(table, mistakes)];
  if (found.length > 0) throw mistakesFound(found);
  return { inputs, warnings: unknown.warnings };
}

/** Whatever found them: the author reads from the top down. */
function inOrderOf(table: InputTable, mistakes: readonly string[]): readonly string[] {
  const names = Object.values(table).flatMap(({ name, alias }) => [name, alias?.name]);
  const rank = (mistake: string): number => names.indexOf(/^`([^`]+)`/.exec(mistake)?.[1]);
  return mistakes.toSorted((one, other) => rank(one) - rank(other));
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
  mistakes: string[],
  yaml: Yaml | undefined,
): unknown {
  try {
    return 'read' in input ? readYaml(input, given, yaml) : parse(input, given);
  } catch (error) {
    const found =
      error instanceof Mistakes
        ? error.all
        : error instanceof Mistake
          ? [error.message]
          : undefined;
    if (!found) throw error;
    const name = (error instanceof Mistake && error.input) || spelling(input, given);
    mistakes.push(...found.map((what) => `\`${name}\`: ${what}`));
    return undefined;
  }
}

function parse(input: Input<unknown>, given: ReadonlyMap<string, string>): unknown {
  const text = textOf(input, given) ?? input.fallback;
  if (text !== undefined) return input.parse(text);
  if (input.needed) throw new Mistake('is needed');
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
    throw new Mistake(`contradicts \`${alias.name}\`, which is another spelling of it; give one`);
  return converted;
}

type Alias = NonNullable<Input<unknown>['alias']>;

/** What the value of an older spelling is in the newer one. */
function ofAlias({ name, convert }: Alias, text: string): string {
  if (!convert) return text;
  try {
    return convert(text);
  } catch (error) {
    throw error instanceof Mistake ? new Mistake(error.message, name) : error;
  }
}

/** A hundred say what a thousand would, and a job summary holds no more than a megabyte. */
const mostTold = 100;

function listOf(mistakes: readonly string[]): readonly string[] {
  const told = mistakes.slice(0, mostTold).map((mistake) => `- ${mistake}`);
  const more = mistakes.length - told.length;
  return more > 0 ? [...told, `- and ${more} more`] : told;
}

function mistakesFound(mistakes: readonly string[]): Problem {
  const [first = ''] = mistakes;
  const names = [...new Set(mistakes.map((mistake) => mistake.split(':', 1).join()))].join(', ');
  return new Problem({
    code: 'inputs',
    what:
      mistakes.length === 1
        ? `The inputs of this step have a mistake: ${first}${/[.?!]$/.test(first) ? '' : '.'}`
        : `The inputs of this step have ${mistakes.length} mistakes, in ${names}.`,
    fix: 'Correct the `with:` block of the step.',
    details: mistakes.length === 1 ? [] : listOf(mistakes),
  });
}
