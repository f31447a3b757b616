import { Problem } from '../../src/problem.ts';

/** The Problem that an act must end in. */
export function problemOf(act: () => unknown): Problem {
  try {
    act();
  } catch (error) {
    if (error instanceof Problem) return error;
    throw error;
  }
  throw new Error('there was no Problem');
}
