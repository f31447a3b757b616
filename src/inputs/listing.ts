import { type InputDictionary, nonEmptyInputs, textOf } from './read-table.ts';
import { notShown } from '../text/quoted.ts';
import { inputTable } from './table.ts';

/**
 * Returns a line for each input with the value that applies, such as `certificate-ttl: 1h (default)`.
 * Omits inputs that contain YAML and absent inputs without a default. `secret` contains the names of
 * inputs whose value is masked.
 */
export function inputLines(
  dictionary: InputDictionary,
  secret: ReadonlySet<string>,
): readonly string[] {
  const given = nonEmptyInputs(dictionary);
  return Object.values(inputTable).flatMap((input) => {
    if ('read' in input) return [];
    const text = textOf(input, given);
    const value = text ?? input.defaultValue;
    if (value === undefined) return [];
    const shown = secret.has(input.name) ? '***' : shownValue(value);
    return [`${input.name}: ${shown}${text === undefined ? ' (default)' : ''}`];
  });
}

function shownValue(value: string): string {
  return value.includes('@') ? notShown : value.split(/\s*\n\s*/).join(', ');
}
