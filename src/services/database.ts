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
import { defineService, type Files } from './service.ts';

/** What each format adds (lib/client/identityfile). */
const formatFiles = {
  none: {},
  tls: tlsFiles,
  mongo: { 'mongo-certificate': 'mongo.crt', 'mongo-ca': 'mongo.cas' },
  cockroach: {
    'tls-certificate': 'cockroach/node.crt',
    'tls-key': 'cockroach/node.key',
    'tls-ca': 'cockroach/ca.crt',
  },
} as const satisfies Readonly<Record<string, Files>>;

/** A client certificate for one database. */
export const database = defineService({
  type: 'database',
  aliases: ['db'],
  since: always,
  fields: {
    service: { kind: 'text', required: true, aliases: ['service_name', 'database_service'] },
    database: { kind: 'text', aliases: ['db', 'db_name', 'database_name'] },
    username: { kind: 'text', aliases: ['user', 'db_user', 'database_user'] },
    format: { kind: 'choice', words: ['tls', 'mongo', 'cockroach'] },
    ...rightsFields,
    ...lifetimeFields,
  },
  lifetime: certificateLifetime,
  client: { ...clientRoles, dedicated: true },
  target: ({ service, database: name, username }) =>
    [service, name, username].filter((part) => part !== undefined),
  files: ({ format }) => ({
    essential: { ...certificateFiles, ...hostCaFile, ...formatFiles[format ?? 'none'] },
    optional: { ...publicKeyFile, ...otherCaFiles },
  }),
  check: checkRights,
});
