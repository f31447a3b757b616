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
  tlsFiles,
} from './client-certificate.ts';
import { always } from '../versions/releases.ts';
import { defineService } from './service.ts';

/** A client certificate for one web application. */
export const application = defineService({
  type: 'application',
  aliases: ['app'],
  since: always,
  fields: {
    app_name: { kind: 'text', required: true, aliases: ['app', 'application'] },
    specific_tls_naming: { kind: 'boolean' },
    ...rightsFields,
    ...lifetimeFields,
  },
  lifetime: certificateLifetime,
  client: { ...clientRoles, dedicated: true },
  target: ({ app_name: name }) => [name],
  files: ({ specific_tls_naming: specific }) => ({
    essential: { ...certificateFiles, ...hostCaFile, ...(specific ? tlsFiles : {}) },
    optional: { ...publicKeyFile, ...otherCaFiles },
  }),
  check: checkRights,
});
