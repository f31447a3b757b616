import type { JoinMethod } from '../../identity/methods.ts';
import type { Known } from './releases.ts';
import type { ServiceType } from '../services/types.ts';

const always: Known = { since: ['0.0.0'] };

/**
 * Types of services. The first releases are those of Teleport's changelogs (CHANGELOG.md); that of
 * the workload identities is read from the branches they were merged to.
 */
export const knownTypes: Readonly<Record<ServiceType, Known>> = {
  identity: always,
  application: always,
  database: always,
  kubernetes: always,
  ssh_host: always,
  'kubernetes/v2': { since: ['17.2.7'] },
  'workload-identity-x509': { since: ['17.2.1'] },
  'workload-identity-jwt': { since: ['17.2.1'] },
  'workload-identity-aws-roles-anywhere': { since: ['17.4.0'] },
};

/** Types that the cluster must know as well (documentation, "Machine & Workload Identity FAQ"). */
export const typesOfCluster: Readonly<Record<string, Known>> = {
  'kubernetes/v2': knownTypes['kubernetes/v2'],
};

/** A kubeconfig that needs no tbot where it is used. */
export const selfContained: Known = { since: ['14.3.15', '15.2.1'] };

/** Keys of services that not every tbot knows; older ones ignore them without a word. */
export const knownKeys: Readonly<Record<string, Known>> = {
  disable_exec_plugin: selfContained,
  ssh_config: { since: ['14.3.17', '15.2.5'] },
  credential_ttl: { since: ['17.2.8'] },
  renewal_interval: { since: ['17.2.8'] },
  allow_reissue: { since: ['17.2.8'] },
  default_namespace: { since: ['17.7.4', '18.2.0'] },
  context_name_template: { since: ['17.7.8', '18.2.4'] },
  // Documentation, reference of the configuration.
  relay_server: { since: ['18.5.0'] },
  // lib/tbot/internal/deprecated_roles.go
  roles: { since: ['0.0.0'], gone: '19.0.0' },
  // Seen only on the branch that became 19 (lib/tbot/services/identity/output_config.go,
  // lib/tbot/services/workloadidentity/x509_output_config.go).
  delegation_session_id: { since: ['19.0.0'] },
  trust_domains: { since: ['19.0.0'] },
};

/** Join methods (CHANGELOG.md; lib/tbot/bot/onboarding/config.go; `generic_oidc`: its pull request). */
export const knownMethods: Readonly<Record<JoinMethod, Known>> = {
  github: always,
  azure: always,
  iam: always,
  gcp: always,
  kubernetes: always,
  circleci: always,
  gitlab: always,
  spacelift: always,
  terraform_cloud: { since: ['16.4.0'] },
  azure_devops: { since: ['17.5.1'] },
  bitbucket: { since: ['16.4.9', '17.0.2'] },
  env0: { since: ['18.4.0'] },
  tpm: { since: ['14.3.17', '15.2.5'] },
  oracle: { since: ['17.7.7', '18.2.1'] },
  bound_keypair: { since: ['17.7.5', '18.1.0'] },
  generic_oidc: { since: ['18.11.0'] },
  token: always,
};

/** Parameters of join methods that are younger than their method (documentation, "Static Keys"). */
export const knownParameters = {
  static_private_key_path: { since: ['18.2.0'] },
} as const satisfies Readonly<Record<string, Known>>;

/** Certificates of bots that live for a week, not a day (CHANGELOG.md, 17.4.5). */
export const weekLong: Known = { since: ['17.4.5'] };
