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
import { defineService } from './service.ts';

/** For `ssh`, `tsh` and `tctl`; the default credential. */
export const identity = defineService({
  type: 'identity',
  aliases: ['ssh'],
  since: always,
  fields: {
    cluster: { kind: 'text', aliases: ['leaf', 'leaf_cluster', 'cluster_name'] },
    ssh_config: { kind: 'choice', words: ['on', 'off'], since: { since: ['14.3.17', '15.2.5'] } },
    allow_reissue: { kind: 'boolean', since: { since: ['17.2.8'] } },
    ...rightsFields,
    ...lifetimeFields,
  },
  lifetime: certificateLifetime,
  client: clientRoles,
  target: ({ cluster }) => (cluster === undefined ? [] : [cluster]),
  files: ({ ssh_config: ssh }) => ({
    essential: certificateFiles,
    optional: {
      ...publicKeyFile,
      ...hostCaFile,
      ...otherCaFiles,
      ...(ssh === 'off' ? {} : { 'ssh-config': 'ssh_config', 'known-hosts': 'known_hosts' }),
    },
  }),
  check: checkRights,
});
