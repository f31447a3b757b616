import { Failure } from '../failure.ts';
import { asValues, listAt, textAt, type Values } from '../values.ts';
import type { PlayedVersion } from '../versions.ts';
import type { KubernetesSelector, WorkloadSelector } from './service.ts';

/** Reads `selectors` of kubernetes/v2. Source: `lib/tbot/services/k8s/output_v2_config.go`. */
export function readKubernetesSelectors(
  entry: Values,
  version: PlayedVersion,
): readonly KubernetesSelector[] {
  const selectors = listAt(entry, 'selectors').map(asValues);
  if (selectors.length === 0) throw new Failure('at least one selector must be provided');
  return selectors.map((selector) => {
    const name = textAt(selector, 'name');
    const labels = asValues(selector['labels']);
    const count = Object.keys(labels).length;
    const defaultNamespace = version.knowsKey('default_namespace')
      ? textAt(selector, 'default_namespace')
      : '';
    if (name === '' && count === 0) {
      throw new Failure("selectors: one of 'name' and 'labels' must be specified");
    }
    if (name !== '' && count > 0) {
      throw new Failure("selectors: only one of 'name' and 'labels' may be specified");
    }
    if (name !== '') return { name, defaultNamespace };
    const texts = Object.keys(labels).map((label) => [label, textAt(labels, label)] as const);
    return { labels: Object.fromEntries(texts), defaultNamespace };
  });
}

/** Reads `selector` of the workload identities; labels map to lists. Source: `lib/tbot/bot/config.go`. */
export function readWorkloadSelector(entry: Values): WorkloadSelector {
  const selector = asValues(entry['selector']);
  const name = textAt(selector, 'name');
  const labels = asValues(selector['labels']);
  const keys = Object.keys(labels);
  if (name === '' && keys.length === 0) fail("one of ['name', 'labels'] must be set");
  if (name !== '' && keys.length > 0) fail("at most one of ['name', 'labels'] can be set");
  if (name !== '') return { name };
  const lists = keys.map((key) => [key, listAt(labels, key).map(String)] as const);
  for (const [key, values] of lists) {
    if (values.length === 0) fail(`labels[${key}]: must have at least one value`);
  }
  return { labels: Object.fromEntries(lists) };
}

function fail(message: string): never {
  throw new Failure(message, ['validating selector']);
}
