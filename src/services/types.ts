import type { Fields } from '../yaml/fields.ts';

const text = { kind: 'text' } as const;
const requiredText = { kind: 'text', required: true } as const;
const texts = { kind: 'texts' } as const;
const boolean = { kind: 'boolean' } as const;
const duration = { kind: 'duration' } as const;

/** What this one service's certificates shall live; both or none, as tbot wants it. */
const lifetime = { credential_ttl: duration, renewal_interval: duration } as const;

/** A part of the bot's roles, and a session that was delegated to it; not both. */
const rights = { roles: texts, delegation_session_id: text } as const;

const workloadSelector = {
  kind: 'map',
  required: true,
  fields: { name: text, labels: { kind: 'label-lists' } },
  oneOf: ['name', 'labels'],
} as const;

const kubernetesSelectors = {
  kind: 'maps',
  required: true,
  fields: { name: text, labels: { kind: 'labels' }, default_namespace: text },
  oneOf: ['name', 'labels'],
} as const;

/**
 * Every type that tbot can issue in oneshot and that leaves something to hand over, with all its
 * keys but `type`, `name` and `destination` (lib/tbot/config/config.go and the `*_config.go` below
 * lib/tbot/services).
 */
export const serviceTypes = {
  identity: {
    cluster: text,
    ssh_config: { kind: 'choice', words: ['on', 'off'] },
    allow_reissue: boolean,
    ...rights,
    ...lifetime,
  },
  application: { app_name: requiredText, specific_tls_naming: boolean, ...rights, ...lifetime },
  database: {
    service: requiredText,
    database: text,
    username: text,
    format: { kind: 'choice', words: ['tls', 'mongo', 'cockroach'] },
    ...rights,
    ...lifetime,
  },
  kubernetes: {
    kubernetes_cluster: requiredText,
    disable_exec_plugin: boolean,
    ...rights,
    ...lifetime,
  },
  'kubernetes/v2': {
    selectors: kubernetesSelectors,
    disable_exec_plugin: boolean,
    context_name_template: text,
    relay_server: text,
    delegation_session_id: text,
    ...lifetime,
  },
  ssh_host: {
    principals: { kind: 'texts', required: true },
    ca_type: { kind: 'choice', words: ['user', 'openssh'] },
    roles: texts,
    ...lifetime,
  },
  'workload-identity-x509': {
    selector: workloadSelector,
    include_federated_trust_bundles: boolean,
    trust_domains: { kind: 'choices', words: ['app_client'] },
    ...lifetime,
  },
  'workload-identity-jwt': {
    selector: workloadSelector,
    audiences: { kind: 'texts', required: true },
    ...lifetime,
  },
  'workload-identity-aws-roles-anywhere': {
    selector: workloadSelector,
    role_arn: requiredText,
    profile_arn: requiredText,
    trust_anchor_arn: requiredText,
    region: text,
    session_duration: duration,
    session_renewal_interval: duration,
    credential_profile_name: text,
    artifact_name: text,
    overwrite_credential_file: boolean,
  },
} as const satisfies Record<string, Fields>;

export type ServiceType = keyof typeof serviceTypes;

/** Types that serve as long as tbot runs; in oneshot tbot skips them and says nothing. */
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

/** Types that tbot knows or knew, and why they are not taken. */
export const refusedTypes: Readonly<Record<string, string>> = {
  'kubernetes/argo-cd':
    '`kubernetes/argo-cd` writes Secrets into the cluster that tbot runs in and leaves nothing to hand over; run tbot there',
  'spiffe-svid':
    '`spiffe-svid` was superseded by `workload-identity-x509` and `workload-identity-jwt`, and is gone in tbot 19; use those',
  unstable_client_credential:
    '`unstable_client_credential` is only for programs that have tbot built in',
  example: '`example` is only for tests of tbot',
};

/** What people call them, and what tbot does. */
export const otherNames: Readonly<Record<string, ServiceType>> = {
  ssh: 'identity',
  app: 'application',
  db: 'database',
  kube: 'kubernetes/v2',
  k8s: 'kubernetes/v2',
  spiffe: 'workload-identity-x509',
  x509: 'workload-identity-x509',
  jwt: 'workload-identity-jwt',
};

export function isServiceType(type: string): type is ServiceType {
  return Object.hasOwn(serviceTypes, type);
}
