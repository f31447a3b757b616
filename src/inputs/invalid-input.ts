import { Problem } from '../problem.ts';
import { type InvalidInput, placeName } from '../text/input-error.ts';

/** A limit, because a job summary holds at most 1 MiB. */
const maxListed = 100;

/** Returns the Problem that reports invalid inputs. */
export function inputProblem(errors: readonly InvalidInput[]): Problem {
  const [first, ...others] = errors;
  if (first !== undefined && others.length === 0)
    return new Problem({ code: 'inputs', what: `Input ${asSentence(first)}`, fix: fixOf(first) });
  const missing = errors.some(({ state }) => state?.startsWith('required'));
  const count = new Set(errors.map(({ input }) => input)).size;
  return new Problem({
    code: 'inputs',
    what: count === 1 ? `Input \`${first?.input}\` is invalid:` : `${count} inputs are invalid:`,
    errors: listOf(errors),
    fix: 'Correct the `with:` block of the step.',
    notes: missing
      ? ['An input with an empty value, such as that of an undefined variable, counts as missing.']
      : [],
  });
}

function fixOf({ state = 'invalid' }: InvalidInput): string {
  if (state === 'invalid') return 'Correct the value in the `with:` block of the step.';
  if (state === 'unknown') return 'Correct the name in the `with:` block of the step.';
  return 'Add it to the `with:` block of the step. If it is there, its value is empty, such as that of an undefined variable.';
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

/** Adds a period, except after a question. */
function ended(text: string): string {
  return text.endsWith('?') ? text : `${text}.`;
}

function listOf(errors: readonly InvalidInput[]): readonly string[] {
  const listed = errors.slice(0, maxListed).map(asListItem);
  const more = errors.length - listed.length;
  return more > 0 ? [...listed, `${more} more`] : listed;
}
