import type { JobFacts } from '../../ci/port.ts';
import type { Endpoint } from '../../cluster/endpoint.ts';
import type { Identity } from '../../methods/join-identity.ts';
import type { JoinMethod } from '../../methods/index.ts';
import type { Exit } from '../../process/child.ts';

/** How tbot ended. `running`: it reported an error, but continues. `unknown`: it ended unobserved. */
export type TbotEnd = Exit | { readonly kind: 'running' | 'unknown' };

/** A tbot process that failed. */
export interface TbotFailure {
  readonly exit: TbotEnd;
  /** Raw lines of stderr, oldest first, with colours. */
  readonly log: readonly string[];
}

/** The join that tbot was started for. */
export interface JoinContext {
  readonly endpoint: Endpoint;
  /** Name of the cluster, as the proxy reported it; undefined without a proxy. */
  readonly cluster: string | undefined;
  /** Name of the join token; undefined if it is a secret. */
  readonly token: string | undefined;
  readonly identity: Identity;
  /** As `tbot version` prints it, without the `v`. */
  readonly tbotVersion: string;
  readonly job: JobFacts;
  /** Roles that the services of this step request by name. */
  readonly requestedRoles?: readonly string[];
  /** Names of the credentials that tbot serves, by their addresses, such as `127.0.0.1:5432`. */
  readonly listeners?: Readonly<Record<string, string>>;
}

/** The cause of a failure, as far as tbot's log reveals it. */
export type Cause =
  | { readonly code: 'token-unknown' }
  | {
      readonly code: 'token-method';
      /** The method of the token; undefined if Teleport does not report it. */
      readonly supported: string | undefined;
    }
  | { readonly code: 'token-role' }
  | { readonly code: 'bot-unknown' }
  | {
      readonly code: 'scoped-bot';
      /** Teleport's message. */
      readonly message: string;
    }
  | {
      readonly code: 'claims-denied';
      /** `unusable`: the rules are missing or cannot be evaluated. */
      readonly reason: 'rules' | 'unusable' | 'issuer' | 'signature' | 'audience';
      /** Teleport's message, if it contains more than that no rule matches. */
      readonly message?: string;
    }
  | {
      readonly code: 'azure-denied';
      readonly reason: 'rules' | 'machine' | 'resource-type' | 'challenge';
      readonly message?: string;
    }
  | {
      readonly code: 'bound-keypair';
      readonly reason: 'join-state' | 'secret' | 'limit' | 'key' | 'state' | 'concurrent';
      readonly message: string;
    }
  | {
      readonly code: 'no-identity';
      /** The variable that tbot reads. */
      readonly variable: string;
    }
  | { readonly code: 'no-id-token' }
  | { readonly code: 'id-token-refused' }
  | { readonly code: 'no-imds' }
  | { readonly code: 'imds-no-identity' }
  | { readonly code: 'imds-several-identities' }
  | { readonly code: 'imds-throttled' }
  | { readonly code: 'azure-egress' }
  | { readonly code: 'azure-api'; readonly throttled: boolean; readonly message: string }
  | {
      readonly code: 'aws';
      readonly reason: 'credentials' | 'sts' | 'organizations' | 'roles-anywhere';
      readonly message: string;
      readonly credential: string | undefined;
    }
  | {
      readonly code: 'issuer-unreachable';
      readonly untrusted: boolean;
      readonly message: string;
    }
  | { readonly code: 'no-roles' }
  | {
      readonly code: 'role-denied';
      /** Teleport's message. */
      readonly message: string;
      /** The kind of resource that the roles deny, such as `workload_identity`. */
      readonly kind?: string;
      /** The action that no rule of the roles allows on this kind, such as `create`. */
      readonly verb?: string;
      readonly credential?: string | undefined;
    }
  | { readonly code: 'mfa-required'; readonly message: string }
  | {
      readonly code: 'locked';
      /** As Teleport formats it, `User:"bot-ci"`; undefined if Teleport cannot read its locks. */
      readonly target: string | undefined;
    }
  | {
      readonly code: 'locked';
      /** Teleport locks a bot whose certificate is presented twice (lib/auth/bot.go). */
      readonly mismatch: string;
    }
  | {
      readonly code: 'service-not-found';
      /** `several`: several resources match, but only one can be issued. */
      readonly resource: MissingResource | 'several';
      /** The credential; undefined if tbot does not name it. */
      readonly credential: string | undefined;
      /** Resources of other credentials that were not found. */
      readonly others?: readonly MissingResource[];
    }
  | {
      readonly code: 'unsupported';
      readonly subject: 'service' | 'join-method' | 'kubernetes';
      /** The cluster lacks a Teleport Enterprise license. */
      readonly enterprise: boolean;
      readonly message: string;
      readonly credential: string | undefined;
    }
  | {
      readonly code: 'workload-identity-denied';
      readonly reason: 'rules' | 'template';
      readonly message: string;
      readonly credential: string | undefined;
    }
  | {
      readonly code: 'inputs';
      /** tbot 19 rejects `roles`; TBOT_USE_PROXY_ADDR requires a proxy. */
      readonly reason: 'roles' | 'proxy-address';
    }
  | { readonly code: 'proxy-unreachable'; readonly message: string }
  | { readonly code: 'proxy-untrusted'; readonly reason: 'authority' | 'name' | 'pin' }
  | {
      readonly code: 'proxy-untrusted';
      readonly reason: 'expired';
      /** Both in tbot's format. */
      readonly times: { readonly now: string; readonly end: string } | undefined;
    }
  | {
      readonly code: 'rate-limited';
      /** Teleport's message; undefined after an HTTP 429. */
      readonly message?: string;
    }
  | { readonly code: 'clock' }
  | {
      readonly code: 'version';
      /** The oldest tbot that the cluster accepts; undefined if tbot rejected the config. */
      readonly minimum: string | undefined;
      readonly message: string;
    }
  | { readonly code: 'ttl'; readonly message: string }
  | { readonly code: 'platform'; readonly reason: 'full' | 'read-only' | 'forbidden' | 'binary' }
  /** Another process listens at the address, `host:port`. */
  | { readonly code: 'platform'; readonly reason: 'address'; readonly address: string }
  | {
      readonly code: 'tbot';
      readonly exit: TbotEnd;
      /** Its last error; may be empty. */
      readonly message: string;
      /** tbot received a web page in place of JSON. */
      readonly page: boolean;
    };

export type Diagnosis = Cause & {
  /** Another attempt may succeed. Never true of a denial. */
  readonly retryable: boolean;
  /** The end of tbot's log, without secrets and control characters. */
  readonly log: readonly string[];
  /** The name of the bot; undefined if the log does not contain it. */
  readonly bot: string | undefined;
};

/** A resource that does not exist, or that the bot cannot see. */
export interface MissingResource {
  readonly kind:
    'application' | 'database' | 'Kubernetes cluster' | 'leaf cluster' | 'workload identity';
  readonly name: string | undefined;
  readonly credential?: string | undefined;
}

/** A pattern of tbot's last error and the cause that it indicates. */
export interface ErrorPattern<C extends Cause = Cause> {
  /** Matches anywhere in the error, which is on one line. */
  readonly pattern: RegExp;
  readonly cause: (match: RegExpExecArray, text: string) => C;
  readonly retryable?: (text: string) => boolean;
  /** Restricts the pattern to joins by this method. */
  readonly method?: JoinMethod;
}
