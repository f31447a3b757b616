import { certificateLifetime, lifetimeFields, rolesField } from './client-certificate.ts';
import { checkListen, listenField } from './listen.ts';
import { defineService, noFiles } from './service.ts';

/** A local address that reaches one database as one user (lib/tbot/services/database). */
export const databaseTunnel = defineService({
  type: 'database-tunnel',
  aliases: ['db-tunnel'],
  since: { since: ['14.3.15', '15.2.1'] },
  serves: { at: 'tcp', unixSince: { since: ['14.3.18', '15.3.1'] } },
  fields: {
    service: { kind: 'text', required: true, aliases: ['service_name', 'database_service'] },
    database: { kind: 'text', required: true, aliases: ['db', 'db_name', 'database_name'] },
    username: { kind: 'text', required: true, aliases: ['user', 'db_user', 'database_user'] },
    ...listenField,
    ...rolesField,
    ...lifetimeFields,
  },
  lifetime: certificateLifetime,
  target: ({ service, database, username }) => [service, database, username],
  files: noFiles,
  check: checkListen,
});
