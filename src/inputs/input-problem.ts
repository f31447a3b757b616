import { Problem } from '../problem.ts';
import type { InputTable } from './table.ts';

/** Mistakes in the order of the table, whatever found them: the author reads from the top down. */
export function inTableOrder(table: InputTable, errors: readonly string[]): readonly string[] {
  const names = Object.values(table).flatMap(({ name, alias }) => [name, alias?.name]);
  const rank = (inputError: string): number => names.indexOf(/^`([^`]+)`/.exec(inputError)?.[1]);
  return errors.toSorted((one, other) => rank(one) - rank(other));
}

/** A hundred say what a thousand would, and a job summary holds no more than a megabyte. */
const mostTold = 100;

function listOf(errors: readonly string[]): readonly string[] {
  const told = errors.slice(0, mostTold).map((inputError) => `- ${inputError}`);
  const more = errors.length - told.length;
  return more > 0 ? [...told, `- and ${more} more`] : told;
}

/** The one Problem for all that is wrong with the inputs. */
export function inputProblem(errors: readonly string[]): Problem {
  const [first = ''] = errors;
  const names = [...new Set(errors.map((inputError) => inputError.split(':', 1).join()))].join(
    ', ',
  );
  return new Problem({
    code: 'inputs',
    what:
      errors.length === 1
        ? `The inputs of this step have a mistake: ${first}${/[.?!]$/.test(first) ? '' : '.'}`
        : `The inputs of this step have ${errors.length} mistakes, in ${names}.`,
    fix: 'Correct the `with:` block of the step.',
    details: errors.length === 1 ? [] : listOf(errors),
  });
}
