import { type ProxyProbe, fetchCluster } from './cluster.ts';
import { checkExpected } from './expected.ts';
import type { Cluster } from './find.ts';
import type { Endpoint } from './endpoint.ts';

/** The way into a cluster, and the name it should have. */
export interface ClusterProbe {
  readonly endpoint: Endpoint;
  readonly expectedCluster: string | undefined;
}

/**
 * What the cluster says of itself, when it is the one that is expected; undefined where the way in
 * is an Auth Service, which tells nothing to those who have not joined. Throws as `fetchCluster`, or a
 * Problem `wrong-cluster`.
 */
export async function probeCluster(
  { endpoint, expectedCluster }: ClusterProbe,
  using: ProxyProbe,
): Promise<Cluster | undefined> {
  if (endpoint.kind === 'auth-server') return undefined;
  const cluster = await fetchCluster(endpoint.address, using);
  checkExpected(cluster.name, expectedCluster, {
    said: `${endpoint.address} is the proxy of`,
    by: 'proxy',
  });
  return cluster;
}
