import { givenOnes, type InputDictionary, textOf } from './read-table.ts';
import { notShown } from '../text/quoted.ts';
import { inputTable } from './table.ts';

/**
 * The inputs as they are understood, a line each: `certificate-ttl: 1h (default)`. What holds YAML,
 * and what is neither given nor has a default, is left out. `secret` are names of inputs whose value
 * is not to be seen.
 */
export function inputLines(
  dictionary: InputDictionary,
  secret: ReadonlySet<string>,
): readonly string[] {
  const given = givenOnes(dictionary);
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
