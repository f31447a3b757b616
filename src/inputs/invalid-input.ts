import { Problem } from '../problem.ts';
import { type InvalidInput, placeName } from '../text/input-error.ts';

/** A limit, because a job summary holds at most 1 MiB. */
const maxListed = 100;

/** Returns the Problem that reports invalid inputs. */
export function inputProblem(errors: readonly InvalidInput[]): Problem {
  const [first, ...others] = errors;
  if (first === undefined || others.length > 0) return severalErrors(errors);
  return new Problem({ code: 'inputs', what: `Input ${asSentence(first)}`, fix: fixOf(first) });
}

function severalErrors(errors: readonly InvalidInput[]): Problem {
  const [name, ...names] = new Set(errors.map(({ input }) => input));
  const several = names.length > 0;
  const listed = errors.slice(0, maxListed).map(several ? asListItem : withoutName);
  const more = errors.length - listed.length;
  const missing = errors.some(({ state }) => state?.startsWith('required'));
  return new Problem({
    code: 'inputs',
    what: several
      ? `${names.length + 1} inputs are invalid:`
      : `Input \`${name}\` has ${errors.length} errors:`,
    errors: more > 0 ? [...listed, `and ${more} more`] : listed,
    fix: 'Correct the `with:` block of the step.',
    notes: missing
      ? ['An empty input counts as missing. An expression with an undefined variable is empty.']
      : [],
  });
}

function fixOf({ state = 'invalid' }: InvalidInput): string {
  if (state === 'invalid') return 'Correct the value in the `with:` block of the step.';
  if (state === 'unknown') return 'Correct the name in the `with:` block of the step.';
  return 'Add it to the `with:` block of the step. If it is already there, its value is empty, for example because a variable is not defined.';
}

function asSentence({ input, state = 'invalid', at, message }: InvalidInput): string {
  const place = at === undefined ? '' : ` at ${placeName(at)}`;
  return ended(`\`${input}\` is ${state}${place}: ${message}`);
}

function asListItem(error: InvalidInput): string {
  const { input, state, at, message } = error;
  if (state !== undefined) return asSentence(error);
  return ended(`\`${input}\`${at === undefined ? '' : `, ${placeName(at)}`}: ${message}`);
}

function withoutName({ at, message }: InvalidInput): string {
  const text = at === undefined ? message : `${placeName(at)}: ${message}`;
  return ended(text.charAt(0).toUpperCase() + text.slice(1));
}

/** Adds a period, except after a question. */
function ended(text: string): string {
  return text.endsWith('?') ? text : `${text}.`;
}
