import { Problem } from '../problem.ts';
import type { Way } from './way.ts';

/** Who named a cluster. */
export interface Source {
  /** The beginning of a sentence that ends with the name. */
  readonly said: string;
  /** The input that leads there. */
  readonly by: Way['kind'];
}

/**
 * Compares a cluster's name with `expected-cluster`, where there is one. Throws a Problem
 * `wrong-cluster`.
 */
export function checkExpected(name: string, expected: string | undefined, source: Source): void {
  if (expected === undefined || name === expected) return;
  throw new Problem({
    code: 'wrong-cluster',
    what: `${source.said} ${name}, and \`expected-cluster\` is ${expected}.`,
    fix: `Correct \`${source.by}\`, or \`expected-cluster\` if this is the right cluster.`,
  });
}

/**
 * Compares the clusters that certificates name with `expected-cluster`. Behind a proxy the name was
 * compared before; of an Auth Service nothing else tells it, so one certificate at least must.
 */
export function checkIssuers(
  clusters: readonly (string | undefined)[],
  expected: string | undefined,
  { kind }: Way,
  announced?: string,
): void {
  const named = clusters.filter((cluster) => cluster !== undefined);
  for (const cluster of named) {
    checkExpected(cluster, expected, { said: 'The certificate is of', by: kind });
    if (announced !== undefined && cluster.toLowerCase() !== announced.toLowerCase())
      throw new Problem({
        code: 'wrong-cluster',
        what: `The proxy said that it serves ${announced}, and the certificate is of ${cluster}.`,
        fix: 'Find out who answers at `proxy`; give `expected-cluster`, so that no other is joined.',
      });
  }
  if (expected === undefined || kind === 'proxy' || named.length > 0) return;
  throw new Problem({
    code: 'wrong-cluster',
    what: `\`expected-cluster\` is ${expected}, and no credential of this step names its cluster.`,
    fix: 'Ask for an `identity`, too, or leave `expected-cluster` out: with `auth-server` it is `ca-pins` that tells one cluster from another.',
  });
}
