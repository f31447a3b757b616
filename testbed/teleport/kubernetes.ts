import type { Resources } from './resources.ts';
import { checkKubernetesCluster } from './route.ts';

/** Which Kubernetes clusters are asked for: by name, or by labels that all match. */
export type ClusterSelector =
  { readonly name: string } | { readonly labels: Readonly<Record<string, string>> };

/** The names each selector matches; throws a Denial for a name that is not there. Labels may match nothing. */
export function matchKubernetesClusters(
  selectors: readonly ClusterSelector[],
  resources: Resources,
): string[][] {
  return selectors.map((selector) => {
    if ('name' in selector) {
      checkKubernetesCluster(selector.name, resources);
      return [selector.name];
    }
    return Object.entries(resources.kubernetesClusters)
      .filter(([, { labels }]) =>
        Object.entries(selector.labels).every(([key, value]) => labels[key] === value),
      )
      .map(([name]) => name);
  });
}
