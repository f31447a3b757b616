import type { Service } from './services.ts';

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
  | 'known-hosts';

export type Files = Readonly<Partial<Record<Role, string>>>;

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

/**
 * The files that tbot writes for a service, by role, as names in its folder
 * (lib/tbot/identity/identity.go, lib/tbot/internal/constants.go, lib/tbot/ssh/ssh.go).
 */
export function filesOf(service: Service): Files {
  switch (service.type) {
    case 'identity':
      return {
        ...ownFiles,
        ...authorities,
        'ssh-config': 'ssh_config',
        'known-hosts': 'known_hosts',
      };
    default:
      return service.type satisfies never;
  }
}
