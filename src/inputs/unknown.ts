import { nearest } from '../text/nearest.ts';
import type { InputTable } from './table.ts';

/** Inputs that are not in the table: one that is nearly another is a mistake, any other is odd. */
export function unknownInputs(
  table: InputTable,
  given: ReadonlyMap<string, string>,
): {
  readonly errors: readonly string[];
  readonly warnings: readonly string[];
} {
  const known = Object.values(table).flatMap((input) =>
    input.alias ? [input.name, input.alias.name] : [input.name],
  );
  const unknown = [...given.keys()].filter((name) => !known.includes(name));
  const named = unknown.map((name) => ({ name, meant: nearest(name, known) }));
  return {
    errors: named.flatMap(({ name, meant }) =>
      meant ? [`\`${name}\`: there is no such input; did you mean \`${meant}\`?`] : [],
    ),
    warnings: named.flatMap(({ name, meant }) =>
      meant ? [] : [`\`${name}\` is not an input of this action; it is ignored.`],
    ),
  };
}
