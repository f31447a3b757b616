import type { Values } from '../yaml/fields.ts';
import type { AddKeyError, ClientRoles, Files, LifetimeRule } from './service.ts';

/** Lifetime of the certificates of one service. */
export const lifetimeFields = {
  credential_ttl: {
    kind: 'duration',
    since: { since: ['17.2.8'] },
    aliases: ['ttl', 'certificate_ttl'],
  },
  renewal_interval: { kind: 'duration', since: { since: ['17.2.8'] } },
} as const;

/** Some of the bot's roles (lib/tbot/internal/deprecated_roles.go). */
export const rolesField = {
  roles: { kind: 'texts', since: { since: ['0.0.0'], gone: '19.0.0' } },
} as const;

/**
 * A session that was delegated to the bot. Backported to 18 in releases that are not known, so 19 is
 * the first that is certain (pull requests 64900 and 66701).
 */
export const delegationField = {
  delegation_session_id: { kind: 'text', since: { since: ['19.0.0'] } },
} as const;

/** The rights of a certificate; `checkRights` rejects both together. */
export const rightsFields = { ...rolesField, ...delegationField } as const;

export function checkRights(
  draft: { readonly roles?: unknown; readonly delegation_session_id?: unknown },
  addError: AddKeyError,
): void {
  if ('roles' in draft && 'delegation_session_id' in draft)
    addError('delegation_session_id', '`delegation_session_id` cannot be combined with `roles`');
}

/** A third of the lifetime, but not longer than tbot's own interval; seconds. */
const longestInterval = 20 * 60;

export const certificateLifetime: LifetimeRule = {
  key: 'credential_ttl',
  limitedByTbot: true,
  /** tbot accepts both keys or neither (lib/tbot/bot/credential_lifetime.go). */
  complete: ({ credential_ttl: given, renewal_interval: interval }: Values, usual) => {
    if (given === undefined && interval === undefined) return {};
    const ttl = typeof given === 'number' ? given : usual;
    const longest = Math.max(0.001, Math.min(longestInterval, ttl / 3));
    return {
      credential_ttl: ttl,
      renewal_interval: typeof interval === 'number' ? interval : longest,
    };
  },
};

/** lib/tbot/identity/identity.go and lib/tbot/internal/constants.go */
export const certificateFiles = {
  identity: 'identity',
  key: 'key',
  'ssh-certificate': 'key-cert.pub',
  certificate: 'tlscert',
} as const satisfies Files;

export const publicKeyFile = { 'public-key': 'key.pub' } as const satisfies Files;

export const hostCaFile = { 'host-ca': 'teleport-host-ca.crt' } as const satisfies Files;

/** CA certificates that verify users and databases, which a client of this certificate does not need. */
export const otherCaFiles = {
  'user-ca': 'teleport-user-ca.crt',
  'database-ca': 'teleport-database-ca.crt',
} as const satisfies Files;

/** Copies with the file names that some programs require. */
export const tlsFiles = {
  'tls-certificate': 'tls.crt',
  'tls-key': 'tls.key',
  'tls-ca': 'tls.cas',
} as const satisfies Files;

/**
 * `ca-file` is the CA file that tbot wrote for this type of service, otherwise the host CA, which signs
 * for the proxy that all connections go through (as in tbot's lib/tbot/services/database).
 */
export const clientRoles: ClientRoles = {
  certificate: 'certificate',
  key: 'key',
  ca: ['tls-ca', 'mongo-ca', 'host-ca'],
  dedicated: false,
};
