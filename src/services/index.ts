import type { ValuesOf } from '../yaml/fields.ts';
import { application } from './application.ts';
import { database } from './database.ts';
import { identity } from './identity.ts';
import { kubernetesV2 } from './kubernetes-v2.ts';
import { kubernetes } from './kubernetes.ts';
import type { AnyDescriptor } from './service.ts';
import { sshHost } from './ssh-host.ts';
import { workloadIdentityAwsRolesAnywhere } from './workload-identity-aws-roles-anywhere.ts';
import { workloadIdentityJwt } from './workload-identity-jwt.ts';
import { workloadIdentityX509 } from './workload-identity-x509.ts';

/** Every type that tbot issues in oneshot mode and that leaves files (lib/tbot/config/config.go). */
export const serviceTypes = [
  identity,
  application,
  database,
  kubernetes,
  kubernetesV2,
  sshHost,
  workloadIdentityX509,
  workloadIdentityJwt,
  workloadIdentityAwsRolesAnywhere,
] as const;

type Known = (typeof serviceTypes)[number];

export type ServiceType = Known['type'];

type ServiceFor<D> = D extends { readonly type: infer T; readonly fields: infer F }
  ? { readonly type: T } & ValuesOf<F>
  : never;

/**
 * One entry of tbot's `services`; durations in seconds. Keys that are not set are absent.
 */
export type Service = ServiceFor<Known>;

// Each type's handlers are called with the settings of that type, which the compiler cannot follow.
// oxlint-disable-next-line typescript/no-unsafe-type-assertion
const byType = Object.fromEntries(
  serviceTypes.map((descriptor) => [descriptor.type, descriptor]),
) as unknown as Readonly<Record<ServiceType, AnyDescriptor>>;

export function descriptorOf(type: ServiceType): AnyDescriptor {
  return byType[type];
}

export function isServiceType(type: string): type is ServiceType {
  return Object.hasOwn(byType, type);
}

/** Returns the lifetime that a service sets itself, in seconds; undefined if `certificate-ttl` applies. */
export function requestedLifetime(service: Service): number | undefined {
  const { key, defaultSeconds } = descriptorOf(service.type).lifetime;
  const given = new Map<string, unknown>(Object.entries(service)).get(key);
  return typeof given === 'number' ? given : defaultSeconds;
}

/** Types that serve connections while tbot runs; in oneshot mode tbot skips them silently. */
export const longRunningTypes: ReadonlySet<string> = new Set([
  'application-tunnel',
  'application-proxy',
  'database-tunnel',
  'ssh-multiplexer',
  'workload-identity-api',
  'spiffe-workload-api',
  'identity/key-agent',
  'beams/vnet',
]);

/** Other types of current and older tbot releases, and why the action rejects them. */
export const refusedTypes: Readonly<Record<string, string>> = {
  'kubernetes/argo-cd':
    '`kubernetes/argo-cd` creates Secrets in the cluster that tbot runs in, and no files. Run tbot in that cluster instead',
  'spiffe-svid':
    '`spiffe-svid` is deprecated, and tbot 19 does not have it. Use `workload-identity-x509` or `workload-identity-jwt`',
  unstable_client_credential: '`unstable_client_credential` is only for programs that embed tbot',
  example: '`example` is only for tests of tbot',
};
