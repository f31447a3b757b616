import { certificateLifetime, lifetimeFields } from './client-certificate.ts';
import { defineService } from './service.ts';

/** Connections of `ssh` through one tbot that stays connected (lib/tbot/services/ssh). */
export const sshMultiplexer = defineService({
  type: 'ssh-multiplexer',
  aliases: ['multiplexer', 'ssh-proxy'],
  since: { since: ['15.4.3', '16.0.0'] },
  serves: { at: 'directory' },
  fields: {
    enable_resumption: { kind: 'boolean' },
    proxy_command: { kind: 'texts' },
    proxy_templates_path: { kind: 'text' },
    // Documentation, configuration reference.
    relay_server: { kind: 'text', since: { since: ['18.3.0'] } },
    ...lifetimeFields,
  },
  lifetime: certificateLifetime,
  target: () => [],
  files: () => ({
    essential: { 'ssh-config': 'ssh_config', 'known-hosts': 'known_hosts' },
    optional: {},
    sockets: { 'multiplexer-socket': 'v1.sock', 'ssh-agent': 'agent.sock' },
  }),
  check({ proxy_templates_path: path }, addError) {
    if (path !== undefined && !path.startsWith('/'))
      addError(
        'proxy_templates_path',
        '`proxy_templates_path` must be an absolute path, because tbot runs in the private directory',
      );
  },
});
