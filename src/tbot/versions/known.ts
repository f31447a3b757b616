import { always, type Availability } from '../../versions/releases.ts';
import type { ServiceType } from '../../services/types.ts';

/**
 * Types of services. The first releases are those of Teleport's changelogs (CHANGELOG.md); that of
 * the workload identities is the release that announced their resource: an early version spelt a key
 * of theirs in another way (pull requests 51054, 51161 and 51288).
 */
export const typeAvailability: Readonly<Record<ServiceType, Availability>> = {
  identity: always,
  application: always,
  database: always,
  kubernetes: always,
  ssh_host: always,
  'kubernetes/v2': { since: ['17.2.7'] },
  'workload-identity-x509': { since: ['17.2.7'] },
  'workload-identity-jwt': { since: ['17.2.7'] },
  'workload-identity-aws-roles-anywhere': { since: ['17.4.0'] },
};

/** Types that the cluster must know as well (documentation, "Machine & Workload Identity FAQ"). */
export const clusterTypeAvailability: Readonly<Record<string, Availability>> = {
  'kubernetes/v2': typeAvailability['kubernetes/v2'],
};

/** A kubeconfig that needs no tbot where it is used. */
export const selfContained: Availability = { since: ['14.3.15', '15.2.1'] };

/** Keys of services that not every tbot knows; older ones ignore them without a word. */
export const keyAvailability: Readonly<Record<string, Availability>> = {
  disable_exec_plugin: selfContained,
  ssh_config: { since: ['14.3.17', '15.2.5'] },
  credential_ttl: { since: ['17.2.8'] },
  renewal_interval: { since: ['17.2.8'] },
  allow_reissue: { since: ['17.2.8'] },
  default_namespace: { since: ['17.7.4', '18.2.0'] },
  context_name_template: { since: ['17.7.8', '18.2.4'] },
  // Pull request 54260.
  credential_profile_name: { since: ['17.4.7'] },
  artifact_name: { since: ['17.4.7'] },
  overwrite_credential_file: { since: ['17.4.7'] },
  // Documentation, reference of the configuration.
  relay_server: { since: ['18.5.0'] },
  // Pull request 64899. An older tbot writes the user CA whatever this key asks for.
  ca_type: { since: ['18.7.6'] },
  // lib/tbot/internal/deprecated_roles.go
  roles: { since: ['0.0.0'], gone: '19.0.0' },
  // Backported to 18 in releases that are not known, so 19 is the first that is certain (pull
  // requests 64900 and 66701; 66587 and 68272).
  delegation_session_id: { since: ['19.0.0'] },
  trust_domains: { since: ['19.0.0'] },
};

/** Certificates of bots that live for a week, not a day (CHANGELOG.md, 17.4.5). */
export const weekLong: Availability = { since: ['17.4.5'] };
