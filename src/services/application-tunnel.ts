import {
  certificateLifetime,
  checkRights,
  lifetimeFields,
  rightsFields,
} from './client-certificate.ts';
import { checkListen, listenField } from './listen.ts';
import { defineService, noFiles } from './service.ts';

/** A local address that reaches one application. */
export const applicationTunnel = defineService({
  type: 'application-tunnel',
  aliases: ['app-tunnel'],
  since: { since: ['15.4.10', '16.1.1'] },
  serves: { at: 'tcp' },
  fields: {
    app_name: { kind: 'text', required: true, aliases: ['app', 'application'] },
    ...listenField,
    ...rightsFields,
    ...lifetimeFields,
  },
  lifetime: certificateLifetime,
  target: ({ app_name: name }) => [name],
  files: noFiles,
  check(draft, addError) {
    checkListen(draft, addError);
    checkRights(draft, addError);
  },
});
