import { Problem } from '../problem.ts';

/**
 * Compares a cluster's name with `expected-cluster`, where there is one. `said` tells who gave the
 * name, as the beginning of a sentence. Throws a Problem `wrong-cluster`.
 */
export function checkExpected(name: string, expected: string | undefined, said: string): void {
  if (expected === undefined || name === expected) return;
  throw new Problem({
    code: 'wrong-cluster',
    what: `${said} ${name}, and \`expected-cluster\` is ${expected}.`,
    fix: 'Correct `proxy`, or `expected-cluster` if this is the right cluster.',
  });
}
