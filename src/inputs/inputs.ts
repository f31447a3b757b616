import { Problem } from '../problem.ts';
import { contradictions } from './contradictions.ts';
import { Mistake } from './mistake.ts';
import { nearest } from './nearest.ts';
import { type Input, type Inputs, type InputsOf, type InputTable, inputTable } from './table.ts';

export type { Inputs } from './table.ts';

/** The inputs of a step by their names in action.yml, as the runner delivers them. */
export type InputDictionary = Readonly<Record<string, string>>;

export interface InputsRead<I = Inputs> {
  readonly inputs: I;
  /** What is odd but does no harm. */
  readonly warnings: readonly string[];
}

/**
 * Reads the inputs of a step. An empty input is an absent one. Throws one Problem `inputs` that
 * names every mistake.
 */
export function readInputs(dictionary: InputDictionary): InputsRead {
  return readTable(inputTable, contradictions, dictionary);
}

/** The same for the inputs of another action. */
export function readTable<T extends InputTable>(
  table: T,
  contradicting: (inputs: InputsOf<T>) => readonly string[],
  dictionary: InputDictionary,
): InputsRead<InputsOf<T>> {
  const given = presentOnes(dictionary);
  const unknown = unknownInputs(table, given);
  const mistakes = [...unknown.mistakes];
  const values = Object.entries(table).map(([key, input]) => [
    key,
    valueOf(input, given, mistakes),
  ]);
  // The table gives each key its type, and a value that could not be read has left a mistake.
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion
  const inputs = Object.fromEntries(values) as InputsOf<T>;
  if (mistakes.length === 0) mistakes.push(...contradicting(inputs));
  if (mistakes.length > 0) throw mistakesFound(mistakes);
  return { inputs, warnings: unknown.warnings };
}

function presentOnes(dictionary: InputDictionary): Map<string, string> {
  return new Map(
    Object.entries(dictionary)
      .map(([name, value]) => [name.toLowerCase(), value.trim()] as const)
      .filter(([, value]) => value !== ''),
  );
}

function valueOf(
  input: Input<unknown>,
  given: ReadonlyMap<string, string>,
  mistakes: string[],
): unknown {
  try {
    const text = textOf(input, given) ?? input.fallback;
    if (text !== undefined) return input.parse(text);
    if (input.needed) throw new Mistake('is needed');
    return undefined;
  } catch (error) {
    if (!(error instanceof Mistake)) throw error;
    mistakes.push(`\`${spelling(input, given)}\`: ${error.message}`);
    return undefined;
  }
}

/** The name by which the author gave an input. */
function spelling({ name, alias }: Input<unknown>, given: ReadonlyMap<string, string>): string {
  return alias && given.has(alias.name) && !given.has(name) ? alias.name : name;
}

/** The value under the input's name, or under its older spelling. */
function textOf(input: Input<unknown>, given: ReadonlyMap<string, string>): string | undefined {
  const text = given.get(input.name);
  const { alias } = input;
  const other = alias && given.get(alias.name);
  if (alias === undefined || other === undefined) return text;
  const converted = alias.convert ? alias.convert(other) : other;
  if (text !== undefined && String(input.parse(text)) !== String(input.parse(converted)))
    throw new Mistake(`contradicts \`${alias.name}\`, which is another spelling of it; give one`);
  return converted;
}

function unknownInputs(
  table: InputTable,
  given: ReadonlyMap<string, string>,
): {
  readonly mistakes: readonly string[];
  readonly warnings: readonly string[];
} {
  const known = Object.values(table).flatMap((input) =>
    input.alias ? [input.name, input.alias.name] : [input.name],
  );
  const unknown = [...given.keys()].filter((name) => !known.includes(name));
  const named = unknown.map((name) => ({ name, meant: nearest(name, known) }));
  return {
    mistakes: named.flatMap(({ name, meant }) =>
      meant ? [`\`${name}\`: there is no such input; did you mean \`${meant}\`?`] : [],
    ),
    warnings: named.flatMap(({ name, meant }) =>
      meant ? [] : [`\`${name}\` is not an input of this action; it is ignored.`],
    ),
  };
}

function mistakesFound(mistakes: readonly string[]): Problem {
  const [first = ''] = mistakes;
  const names = mistakes.map((mistake) => mistake.split(':', 1).join()).join(', ');
  return new Problem({
    code: 'inputs',
    what:
      mistakes.length === 1
        ? `The inputs of this step have a mistake: ${first}.`
        : `The inputs of this step have ${mistakes.length} mistakes: ${names}.`,
    fix: 'Correct the `with:` block of the step.',
    details: mistakes.length === 1 ? [] : mistakes.map((mistake) => `- ${mistake}`),
  });
}
