import { certificateLifetime, lifetimeFields, rolesField } from './client-certificate.ts';
import { always } from '../versions/releases.ts';
import { defineService } from './service.ts';

/** A host certificate for an OpenSSH server (lib/tbot/ssh/ssh.go). */
export const sshHost = defineService({
  type: 'ssh_host',
  since: always,
  fields: {
    principals: { kind: 'texts', required: true, aliases: ['hosts', 'hostnames'] },
    // Pull request 64899. Older releases ignore this key and always write the user CA.
    ca_type: { kind: 'choice', words: ['user', 'openssh'], since: { since: ['18.7.6'] } },
    ...rolesField,
    ...lifetimeFields,
  },
  lifetime: certificateLifetime,
  target: ({ principals }) => principals.slice(0, 1),
  files: () => ({
    essential: {
      'ssh-host-key': 'ssh_host',
      'ssh-host-certificate': 'ssh_host-cert.pub',
      'ssh-host-user-ca': 'ssh_host-user-ca.pub',
    },
    optional: {},
  }),
});
