import type { DatabaseService } from '../service/service.ts';
import { doing, open, type OutputContext, type Put } from './context.ts';
import {
  type Credentials,
  putAuthorities,
  putIdentity,
  putTlsNames,
  request,
} from './credentials.ts';

/** Writes the certificate for a database. Source: `lib/tbot/services/database/output_service.go`. */
export async function generateDatabase(
  service: DatabaseService,
  context: OutputContext,
): Promise<void> {
  const put = open(service.destination);
  const facade = await doing('generating identity', () =>
    request(service, context, { type: 'identity' }),
  );
  const { service: name, database, username } = service;
  const route = { type: 'database', service: name, database, username } as const;
  const credentials = await request(service, context, route, facade);
  putAuthorities(put, credentials);
  putIdentity(put, credentials, context);
  putFormat(put, service.format, credentials);
}

// The formats of databases contain the database CA. Source: `lib/client/identityfile`.
function putFormat(put: Put, format: DatabaseService['format'], credentials: Credentials): void {
  const { tlsCert, key, databaseCa } = credentials;
  switch (format) {
    case '':
      return;
    case 'tls':
      return putTlsNames(put, credentials);
    case 'mongo':
      put('mongo.crt', tlsCert + key);
      put('mongo.cas', databaseCa);
      return;
    case 'cockroach':
      put('cockroach/node.crt', tlsCert);
      put('cockroach/node.key', key);
      put('cockroach/ca.crt', databaseCa);
      return;
    default:
      return format satisfies never;
  }
}
