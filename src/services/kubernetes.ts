import {
  certificateFiles,
  certificateLifetime,
  checkRights,
  clientRoles,
  hostCaFile,
  lifetimeFields,
  otherCaFiles,
  publicKeyFile,
  rightsFields,
} from './client-certificate.ts';
import { always } from '../versions/releases.ts';
import { defineService, type Files } from './service.ts';

/** A kubeconfig that works without tbot on the machine where it is used. */
export const selfContainedField = {
  disable_exec_plugin: { kind: 'boolean', since: { since: ['14.3.15', '15.2.1'] } },
} as const;

export const kubeconfigFile = { kubeconfig: 'kubeconfig.yaml' } as const satisfies Files;

/** A kubeconfig for one cluster. */
export const kubernetes = defineService({
  type: 'kubernetes',
  since: always,
  fields: {
    kubernetes_cluster: {
      kind: 'text',
      required: true,
      aliases: ['cluster', 'cluster_name', 'kube_cluster'],
    },
    ...selfContainedField,
    ...rightsFields,
    ...lifetimeFields,
  },
  lifetime: certificateLifetime,
  client: clientRoles,
  target: ({ kubernetes_cluster: cluster }) => [cluster],
  files: () => ({
    essential: { ...kubeconfigFile, ...certificateFiles },
    optional: { ...publicKeyFile, ...hostCaFile, ...otherCaFiles },
  }),
  check: checkRights,
});
