import { Problem } from '../problem.ts';
import type { InputTable } from './table.ts';

/** Mistakes in the order of the table, whatever found them: the author reads from the top down. */
export function inOrderOf(table: InputTable, mistakes: readonly string[]): readonly string[] {
  const names = Object.values(table).flatMap(({ name, alias }) => [name, alias?.name]);
  const rank = (mistake: string): number => names.indexOf(/^`([^`]+)`/.exec(mistake)?.[1]);
  return mistakes.toSorted((one, other) => rank(one) - rank(other));
}

/** A hundred say what a thousand would, and a job summary holds no more than a megabyte. */
const mostTold = 100;

function listOf(mistakes: readonly string[]): readonly string[] {
  const told = mistakes.slice(0, mostTold).map((mistake) => `- ${mistake}`);
  const more = mistakes.length - told.length;
  return more > 0 ? [...told, `- and ${more} more`] : told;
}

/** The one Problem for all that is wrong with the inputs. */
export function mistakesFound(mistakes: readonly string[]): Problem {
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
