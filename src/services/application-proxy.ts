import { certificateLifetime } from './client-certificate.ts';
import { checkListen, listenField } from './listen.ts';
import { defineService, noFiles } from './service.ts';

/** A local HTTP proxy that reaches every application of the bot. */
export const applicationProxy = defineService({
  type: 'application-proxy',
  aliases: ['app-proxy'],
  since: { since: ['17.7.7', '18.2.3'] },
  serves: { at: 'tcp' },
  fields: {
    ...listenField,
    credential_lifetime: {
      kind: 'map',
      aliases: ['credential_ttl', 'renewal_interval', 'ttl'],
      fields: {
        credential_ttl: { kind: 'duration', aliases: ['ttl', 'certificate_ttl'] },
        renewal_interval: { kind: 'duration' },
      },
    },
  },
  lifetime: { ...certificateLifetime, within: 'credential_lifetime' },
  target: () => [],
  files: noFiles,
  check: checkListen,
});
