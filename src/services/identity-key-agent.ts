import {
  certificateLifetime,
  checkRights,
  delegationField,
  lifetimeFields,
  rolesField,
} from './client-certificate.ts';
import { defineService } from './service.ts';

/**
 * An identity whose private key stays in the memory of tbot (lib/tbot/services/identity and
 * lib/hardwarekey/agent.go).
 */
export const identityKeyAgent = defineService({
  type: 'identity/key-agent',
  aliases: ['key-agent'],
  since: { since: ['18.8.3'] },
  serves: { at: 'directory' },
  fields: {
    cluster: { kind: 'text', aliases: ['leaf', 'leaf_cluster', 'cluster_name'] },
    allow_reissue: { kind: 'boolean' },
    ...rolesField,
    // Older than in the other types (pull request 66701).
    delegation_session_id: { kind: delegationField.delegation_session_id.kind },
    ...lifetimeFields,
  },
  lifetime: certificateLifetime,
  target: ({ cluster }) => (cluster === undefined ? [] : [cluster]),
  files: () => ({
    essential: { identity: 'identity', 'key-agent-certificate': 'cert.pem' },
    optional: {},
    sockets: { 'key-agent': 'agent.sock' },
  }),
  check: checkRights,
});
