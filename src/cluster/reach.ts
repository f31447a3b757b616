import type { Inputs } from '../inputs/inputs.ts';
import { type AskingProxy, askCluster } from './cluster.ts';
import { checkExpected } from './expected.ts';
import type { Cluster } from './find.ts';

/**
 * What the cluster says of itself, when it is the one that is expected; undefined where the way in
 * is an Auth Service, which tells nothing to those who have not joined. Throws as `askCluster`, or a
 * Problem `wrong-cluster`.
 */
export async function reachCluster(
  { way, expectedCluster }: Pick<Inputs, 'way' | 'expectedCluster'>,
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
