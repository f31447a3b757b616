import { sshPublicKey } from '../../ssh.ts';
import type { IssuedCertificates } from '../../teleport/certificates.ts';
import type { RouteRequest } from '../../teleport/route.ts';
import { Failure } from '../failure.ts';
import { ask, type OutputContext, type Put, type Requester, ttlOf } from './context.ts';
import { type Keys, privateKeyPem, publicKeyPem, userKeys } from './keys.ts';

/** A key and its certificates. */
export interface Credentials extends IssuedCertificates {
  readonly keys: Keys;
  /** PEM of the written key, which is another one for the fault 'mismatched-key'. */
  readonly key: string;
}

/** Further fields of a request. */
type Extra = RouteRequest & { readonly allowReissue?: boolean; readonly cluster?: string };

/** Requests a certificate with the service's roles and route. */
export async function request(
  service: Requester,
  context: OutputContext,
  route: Extra,
  earlier?: Credentials,
): Promise<Credentials> {
  const { cluster, fault } = context;
  const keys = earlier?.keys ?? (await userKeys(cluster.version));
  const body = {
    ...route,
    publicKey: publicKeyPem(keys.publicKey),
    ttlSeconds: ttlOf(service, context),
    roles: service.roles ?? [],
    ...(fault.kind === 'foreign-cluster' ? { pretendCluster: fault.cluster } : {}),
  };
  const certificates: IssuedCertificates = await ask('/testbed/certificates', body, context);
  const shown = fault.kind === 'mismatched-key' ? await userKeys(cluster.version) : keys;
  return { ...certificates, keys: shown, key: privateKeyPem(shown.privateKey) };
}

/** `identity`, `key`, `key.pub`, `key-cert.pub`, `tlscert`. */
export function putIdentity(put: Put, credentials: Credentials, { fault }: OutputContext): void {
  const { key, keys, sshCert, tlsCert, hostCa } = credentials;
  put('identity', [key, `${sshCert}\n`, tlsCert, hostCa].join(''));
  if (fault.kind === 'partial') throw new Failure('write key: no space left on device');
  put('key', key);
  if (fault.kind !== 'other-files') put('key.pub', `${sshPublicKey(keys.publicKey)}\n`);
  put('key-cert.pub', `${sshCert}\n`);
  put('tlscert', tlsCert);
}

/** The three files of CA certificates. */
export function putAuthorities(put: Put, credentials: Credentials): void {
  put('teleport-host-ca.crt', credentials.hostCa);
  put('teleport-user-ca.crt', credentials.userCa);
  put('teleport-database-ca.crt', credentials.databaseCa);
}

/** `tls.crt`, `tls.key`, `tls.cas`: names that some programs require, with the host CA. */
export function putTlsNames(put: Put, { tlsCert, key, hostCa }: Credentials): void {
  put('tls.crt', tlsCert);
  put('tls.key', key);
  put('tls.cas', hostCa);
}
