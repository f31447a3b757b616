import { createPrivateKey, type KeyObject } from 'node:crypto';
import type { IssuedSvids } from '../../teleport/workload-identity.ts';
import { Failure } from '../failure.ts';
import type {
  JwtSvidService,
  RolesAnywhereService,
  WorkloadSelector,
  X509SvidService,
} from '../service/service.ts';
import { ask, doing, open, type OutputContext, ttlOf } from './context.ts';
import { request } from './credentials.ts';
import { publicKeyPem, userKeys } from './keys.ts';

/** A key, the certificate of a workload and the CA certificates, PEM. */
export interface X509Svid {
  readonly key: KeyObject;
  readonly certificate: string;
  readonly bundle: string;
}

/** Writes an X.509 SVID; `.write-test` comes after the request. Source: `lib/tbot/services/workloadidentity/x509_output.go`. */
export async function generateX509Svid(
  service: X509SvidService,
  context: OutputContext,
): Promise<void> {
  const svid = await requestX509Svid(service, ttlOf(service, context), context);
  const put = open(service.destination);
  put('svid_key.pem', svid.key.export({ type: 'pkcs8', format: 'pem' }).toString());
  if (context.fault.kind === 'partial')
    throw new Failure('write svid.pem: no space left on device');
  put('svid.pem', svid.certificate);
  put('svid_bundle.pem', svid.bundle);
}

/** Requests exactly one SVID. The TTL is in seconds. */
export async function requestX509Svid(
  service: X509SvidService | RolesAnywhereService,
  ttlSeconds: number,
  context: OutputContext,
): Promise<X509Svid> {
  return await doing('requesting SVID', async () => {
    await impersonate(service, context);
    const { privateKey, publicKey } = await userKeys(context.cluster.version);
    const body = { type: 'x509', publicKey: publicKeyPem(publicKey), ttlSeconds };
    const { credential, bundle } = await requestOne(service.selector, body, context);
    const foreign = context.fault.kind === 'mismatched-key';
    const key = foreign ? (await userKeys(context.cluster.version)).privateKey : privateKey;
    return { key: createPrivateKey(pkcs8(key)), certificate: credential, bundle };
  });
}

function pkcs8(key: KeyObject): string {
  return key.export({ type: 'pkcs8', format: 'pem' }).toString();
}

/** Writes a JWT SVID. Source: `lib/tbot/services/workloadidentity/jwt_output.go`. */
export async function generateJwtSvid(
  service: JwtSvidService,
  context: OutputContext,
): Promise<void> {
  const { credential } = await doing('requesting JWT SVID', async () => {
    await impersonate(service, context);
    const body = { type: 'jwt', audiences: service.audiences, ttlSeconds: ttlOf(service, context) };
    return await requestOne(service.selector, body, context);
  });
  open(service.destination)('jwt_svid', credential);
}

async function impersonate(
  service: X509SvidService | JwtSvidService | RolesAnywhereService,
  context: OutputContext,
): Promise<void> {
  await doing('generating identity', () => request(service, context, { type: 'identity' }));
}

async function requestOne(
  selector: WorkloadSelector,
  body: { readonly type: string },
  context: OutputContext,
): Promise<{ readonly credential: string; readonly bundle: string }> {
  const kind = body.type === 'jwt' ? 'JWT' : 'X509';
  const { fault } = context;
  const pretend = fault.kind === 'foreign-cluster' ? { pretendCluster: fault.cluster } : {};
  const asked = { ...body, ...pretend, selector };
  const { svids, bundle }: IssuedSvids = await doing(`generating ${kind} SVID`, () =>
    ask('/testbed/svids', asked, context),
  );
  const [svid, ...others] = svids;
  if (svid === undefined) throw new Failure(`no ${kind} SVIDs returned`);
  if (others.length === 0) return { credential: svid.credential, bundle };
  const received = svids.map(({ name, spiffeId }) => `${name}:${spiffeId}`).join(' ');
  throw new Failure(`multiple ${kind} SVIDs received: [${received}]`);
}
