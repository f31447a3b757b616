import { Problem } from '../problem.ts';
import { quoted } from '../text/display.ts';
import type { Endpoint } from './endpoint.ts';

/** The source of a cluster name, for the message. */
export interface NameSource {
  /** The start of a sentence that continues with the name. */
  readonly intro: string;
  /** The input that determines the cluster. */
  readonly input: Endpoint['kind'];
}

/**
 * Compares a cluster's name with `expected-cluster`, if it is set. This detects a mistyped address or
 * a wrong token, but it does not authenticate the cluster: a malicious proxy can report any name and
 * issue certificates that name any cluster. Throws a Problem `wrong-cluster`.
 */
export function checkExpected(
  name: string,
  expected: string | undefined,
  source: NameSource,
): void {
  if (expected === undefined || name === expected) return;
  throw new Problem({
    code: 'wrong-cluster',
    what: `${source.intro} ${quoted(name)}, but \`expected-cluster\` is ${quoted(expected)}.`,
    fix: `Correct \`${source.input}\`, or \`expected-cluster\` if this is the right cluster.`,
  });
}

/**
 * Compares the clusters in the issued certificates with `expected-cluster` and with the name that the
 * proxy reported before the join. An Auth Service reports no name, so with `expected-cluster` at least
 * one certificate must contain it. Throws a Problem `wrong-cluster`.
 */
export function checkIssuers(
  clusters: readonly (string | undefined)[],
  expected: string | undefined,
  { kind }: Endpoint,
  announced?: string,
): void {
  const named = clusters.filter((cluster) => cluster !== undefined);
  for (const cluster of named) {
    checkExpected(cluster, expected, { intro: 'The certificate is from cluster', input: kind });
    if (announced !== undefined && cluster.toLowerCase() !== announced.toLowerCase())
      throw new Problem({
        code: 'wrong-cluster',
        what: `The proxy reported cluster ${quoted(announced)}, but the certificate is from cluster ${quoted(cluster)}.`,
        fix: 'Check the DNS record, load balancers and HTTP proxies for `proxy`: requests reach two different clusters.',
      });
  }
  if (expected === undefined || kind === 'proxy' || named.length > 0) return;
  throw new Problem({
    code: 'wrong-cluster',
    what: `\`expected-cluster\` is ${quoted(expected)}, but none of the issued credentials contains a cluster name.`,
    fix: 'Request an `identity` as well, or remove `expected-cluster`: with `auth-server`, `ca-pins` authenticates the cluster.',
  });
}
