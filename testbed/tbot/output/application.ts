import type { ApplicationService } from '../service/service.ts';
import { open, type OutputContext } from './context.ts';
import { putAuthorities, putIdentity, putTlsNames, request } from './credentials.ts';

/** Writes the certificate for an application. Source: `lib/tbot/services/application/output_service.go`. */
export async function generateApplication(
  service: ApplicationService,
  context: OutputContext,
): Promise<void> {
  const put = open(service.destination);
  const facade = await request(service, context, { type: 'identity' });
  const route = { type: 'application', app: service.app } as const;
  const credentials = await request(service, context, route, facade);
  putIdentity(put, credentials, context);
  if (service.tlsNames) putTlsNames(put, credentials);
  putAuthorities(put, credentials);
}
