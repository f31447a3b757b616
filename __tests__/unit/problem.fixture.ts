import { Problem } from '../../src/problem.ts';

/** Returns the Problem that a function throws. */
export function problemOf(act: () => unknown): Problem {
  try {
    act();
  } catch (error) {
    if (error instanceof Problem) return error;
    throw error;
  }
  throw new Error('there was no Problem');
}

/** Returns all text of a Problem that is shown to the user. */
export function textOf(problem: Problem): string {
  const { message, errors, fix, notes, facts, paste = '', log } = problem;
  const factLines = facts ? [facts.title, ...facts.lines] : [];
  return [message, ...errors, fix, ...notes, ...factLines, paste, ...log].join('\n');
}
