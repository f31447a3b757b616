import { type AskingProxy, askCluster } from './cluster.ts';
import { checkExpected } from './expected.ts';
import type { Cluster } from './find.ts';
import type { Way } from './way.ts';

/** The way into a cluster, and the name it should have. */
export interface Reaching {
  readonly way: Way;
  readonly expectedCluster: string | undefined;
}

/**
 * What the cluster says of itself, when it is the one that is expected; undefined where the way in
 * is an Auth Service, which tells nothing to those who have not joined. Throws as `askCluster`, or a
 * Problem `wrong-cluster`.
 */
export async function reachCluster(
  { way, expectedCluster }: Reaching,
  using: AskingProxy,
): Promise<Cluster | undefined> {
  if (way.kind === 'auth-server') return undefined;
  const cluster = await askCluster(way.address, using);
  checkExpected(cluster.name, expectedCluster, {
    said: `${way.address} is the proxy of`,
    by: 'proxy',
  });
  return cluster;
}
