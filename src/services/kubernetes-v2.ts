import {
  certificateFiles,
  certificateLifetime,
  clientRoles,
  delegationField,
  hostCaFile,
  lifetimeFields,
  publicKeyFile,
} from './client-certificate.ts';
import { kubeconfigFile, selfContainedField } from './kubernetes.ts';
import { defineService } from './service.ts';
import { selectedName } from './workload-identity.ts';

const since = { since: ['17.2.7'] } as const;

/**
 * One kubeconfig for several clusters. The cluster must support the type as well (documentation, "Machine
 * & Workload Identity FAQ").
 */
export const kubernetesV2 = defineService({
  type: 'kubernetes/v2',
  aliases: ['kube', 'k8s'],
  since,
  clusterSince: since,
  fields: {
    selectors: {
      kind: 'maps',
      required: true,
      aliases: ['cluster', 'clusters', 'kubernetes_cluster', 'kube_cluster', 'labels'],
      fields: {
        name: { kind: 'text' },
        labels: { kind: 'labels' },
        default_namespace: { kind: 'text', since: { since: ['17.7.4', '18.2.0'] } },
      },
      oneOf: ['name', 'labels'],
    },
    ...selfContainedField,
    context_name_template: { kind: 'text', since: { since: ['17.7.8', '18.2.4'] } },
    // Documentation, configuration reference.
    relay_server: { kind: 'text', since: { since: ['18.5.0'] } },
    ...delegationField,
    ...lifetimeFields,
  },
  lifetime: certificateLifetime,
  client: clientRoles,
  target: ({ selectors }) => (selectors.length === 1 ? selectedName(selectors[0]) : []),
  files: () => ({
    essential: { ...kubeconfigFile, ...certificateFiles },
    optional: { ...publicKeyFile, ...hostCaFile },
  }),
});
