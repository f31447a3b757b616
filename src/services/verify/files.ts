import type { Service } from '../service.ts';

/** What a file is for; the keys of `files` in the output `credentials`. */
export type Role =
  | 'identity'
  | 'key'
  | 'public-key'
  | 'ssh-certificate'
  | 'certificate'
  | 'host-ca'
  | 'user-ca'
  | 'database-ca'
  | 'ssh-config'
  | 'known-hosts'
  | 'kubeconfig'
  | 'tls-certificate'
  | 'tls-key'
  | 'tls-ca'
  | 'mongo-certificate'
  | 'mongo-ca'
  | 'ssh-host-key'
  | 'ssh-host-certificate'
  | 'ssh-host-user-ca'
  | 'svid'
  | 'svid-key'
  | 'svid-bundle'
  | 'svid-crl'
  | 'jwt-svid'
  | 'aws-credentials';

export type Files = Readonly<Partial<Record<Role, string>>>;

/** Files that tbot writes only when there is something to put in. */
export const optionalRoles: ReadonlySet<string> = new Set<Role>(['svid-crl']);

const ownFiles = {
  identity: 'identity',
  key: 'key',
  'public-key': 'key.pub',
  'ssh-certificate': 'key-cert.pub',
  certificate: 'tlscert',
} as const satisfies Files;

const authorities = {
  'host-ca': 'teleport-host-ca.crt',
  'user-ca': 'teleport-user-ca.crt',
  'database-ca': 'teleport-database-ca.crt',
} as const satisfies Files;

const tlsNames = {
  'tls-certificate': 'tls.crt',
  'tls-key': 'tls.key',
  'tls-ca': 'tls.cas',
} as const satisfies Files;

const kubeconfig = { kubeconfig: 'kubeconfig.yaml' } as const satisfies Files;

/**
 * The files that tbot writes for a service, by role, as names in its folder
 * (lib/tbot/identity/identity.go, lib/tbot/internal/constants.go, lib/tbot/ssh/ssh.go, and the
 * services below lib/tbot/services).
 */
export function filesOf(service: Service): Files {
  switch (service.type) {
    case 'identity':
      return {
        ...ownFiles,
        ...authorities,
        ...(service.ssh_config === 'off'
          ? {}
          : { 'ssh-config': 'ssh_config', 'known-hosts': 'known_hosts' }),
      };
    case 'application':
      return { ...ownFiles, ...authorities, ...(service.specific_tls_naming ? tlsNames : {}) };
    case 'database':
      return { ...ownFiles, ...authorities, ...formatFiles[service.format ?? ''] };
    case 'kubernetes':
      return { ...ownFiles, ...authorities, ...kubeconfig };
    case 'kubernetes/v2':
      return { ...ownFiles, 'host-ca': authorities['host-ca'], ...kubeconfig };
    case 'ssh_host':
      return hostFiles;
    case 'workload-identity-x509':
      return svidFiles;
    case 'workload-identity-jwt':
      return { 'jwt-svid': 'jwt_svid' };
    case 'workload-identity-aws-roles-anywhere':
      return { 'aws-credentials': service.artifact_name ?? 'aws_credentials' };
    default:
      return service satisfies never;
  }
}

/** What a database's format adds (lib/client/identityfile). */
const formatFiles = {
  '': {},
  tls: tlsNames,
  mongo: { 'mongo-certificate': 'mongo.crt', 'mongo-ca': 'mongo.cas' },
  cockroach: {
    'tls-certificate': 'cockroach/node.crt',
    'tls-key': 'cockroach/node.key',
    'tls-ca': 'cockroach/ca.crt',
  },
} as const satisfies Readonly<Record<string, Files>>;

const hostFiles = {
  'ssh-host-key': 'ssh_host',
  'ssh-host-certificate': 'ssh_host-cert.pub',
  'ssh-host-user-ca': 'ssh_host-user-ca.pub',
} as const satisfies Files;

const svidFiles = {
  svid: 'svid.pem',
  'svid-key': 'svid_key.pem',
  'svid-bundle': 'svid_bundle.pem',
  'svid-crl': 'svid_crl.pem',
} as const satisfies Files;
