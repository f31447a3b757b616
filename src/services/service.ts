import type { Availability } from '../versions/releases.ts';
import type { Fields, Values, ValuesOf } from '../yaml/fields.ts';

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

/** Files by role, as names in the directory of the credential or as absolute paths. */
export type Files = Readonly<Partial<Record<Role, string>>>;

/** The files that tbot writes for a service. */
export interface ServiceFiles {
  /** The credential does not work without them: one that is missing or unusable fails the step. */
  readonly essential: Files;
  /** Published if present and complete, left out otherwise. */
  readonly optional: Files;
}

/** The lifetime of a credential; durations in seconds. */
export interface LifetimeRule {
  /** The key of the service that sets the lifetime. */
  readonly key: string;
  /** Applies without that key. Undefined: `certificate-ttl` applies. */
  readonly defaultSeconds?: number;
  /** tbot rejects more than the longest lifetime of a bot's certificate. */
  readonly limitedByTbot: boolean;
  /** What limits it, as a sentence. Undefined: the `max_session_ttl` of the bot and of its roles. */
  readonly shortenedBy?: string;
  /** A noun for what remains valid after the job, because the post step cannot revoke it. */
  readonly outlivesJob?: string;
  /** Returns the settings that tbot requires in addition. `usual` is `certificate-ttl`. */
  readonly complete: (settings: Values, usual: number) => Readonly<Record<string, number>>;
}

/** The files that the outputs `certificate-file`, `key-file` and `ca-file` name, by role. */
export interface ClientRoles {
  readonly certificate: Role;
  readonly key: Role;
  /** The output names the first of these files that was published. */
  readonly ca: readonly Role[];
  /** The certificate is for one purpose only, so the outputs prefer it to that of an identity. */
  readonly dedicated: boolean;
}

/** Reports an error about a key. */
export type AddKeyError = (key: string, what: string) => void;

/**
 * Everything the action knows about one type of service, except how its issued files are verified
 * (`verify.ts`). Each type has a file with its descriptor and a line in `index.ts`.
 *
 * Until the action has a background mode, long-running types such as `application-tunnel` are listed in
 * `longRunningTypes` in `index.ts`. They can become descriptors with one more optional member, for the
 * mode and the listening address.
 */
export interface Descriptor<Type extends string, F extends Fields, Settings> {
  /** The name of the type in tbot's configuration. */
  readonly type: Type;
  /** Other names that users may try, for the error about an unknown type. */
  readonly aliases?: readonly string[];
  /** The tbot releases that support the type. */
  readonly since: Availability;
  /** The cluster releases that support the type, if the cluster must support it as well. */
  readonly clusterSince?: Availability;
  /** All keys except `type`, `name` and `destination` (`*_config.go` below lib/tbot/services). */
  readonly fields: F;
  readonly lifetime: LifetimeRule;
  /** Undefined for a type without a client certificate. */
  readonly client?: ClientRoles;
  /** Variables of the step that tbot reads for this type. */
  readonly variables?: readonly string[];
  /** Returns what distinguishes the credential from others of its type, for its derived name. */
  target(settings: Settings): readonly string[];
  files(settings: Settings): ServiceFiles;
  /**
   * Checks what the kinds of the fields cannot express: keys that exclude each other, limits. `unread`
   * has the keys whose values were invalid; they are absent from `draft` and already reported.
   */
  check?(draft: Partial<Settings>, addError: AddKeyError, unread: ReadonlySet<string>): void;
}

/** A descriptor whose type is not known statically. */
export type AnyDescriptor = Descriptor<string, Fields, Values>;

/** Returns the descriptor as it is; derives the type of the settings from the fields. */
export function defineService<const Type extends string, const F extends Fields>(
  descriptor: Descriptor<Type, F, ValuesOf<F>>,
): Descriptor<Type, F, ValuesOf<F>> {
  return descriptor;
}
