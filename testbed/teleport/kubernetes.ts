import type { Resources } from './resources.ts';
import { checkKubernetesCluster } from './route.ts';

/** Selects Kubernetes clusters by name, or by labels that must all match. */
export type ClusterSelector =
  { readonly name: string } | { readonly labels: Readonly<Record<string, string>> };

/** Returns the matching names for each selector. Throws a Denial for an unknown name, but not for labels. */
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
