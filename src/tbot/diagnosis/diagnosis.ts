import type { Exit } from '../../process/child.ts';

/** What tbot's own words say went wrong, with what they tell beside it. */
export type Cause =
  | { readonly code: 'token-unknown' }
  | {
      readonly code: 'token-method';
      /** The method that the token is for; undefined where Teleport does not say. */
      readonly supported: string | undefined;
    }
  | { readonly code: 'token-role' }
  | { readonly code: 'bot-unknown' }
  | {
      readonly code: 'scoped-bot';
      /** In Teleport's words. */
      readonly message: string;
    }
  | {
      readonly code: 'claims-denied';
      /** `unusable`: the rules cannot be evaluated, or there are none. */
      readonly reason: 'rules' | 'unusable' | 'issuer' | 'signature' | 'audience';
      /** Teleport's words, where they say more than that no rule matches. */
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
      /** In Teleport's words. */
      readonly message: string;
      /** The kind of resource that the roles do not give access to, such as `workload_identity`. */
      readonly kind?: string;
      readonly credential?: string | undefined;
    }
  | { readonly code: 'mfa-required'; readonly message: string }
  | {
      readonly code: 'locked';
      /** As Teleport writes it, `User:"bot-ci"`. */
      readonly target: string;
    }
  | {
      readonly code: 'locked';
      /** Teleport locks what presents the same bot certificate twice (lib/auth/bot.go). */
      readonly mismatch: string;
    }
  | {
      readonly code: 'service-not-found';
      /** What was looked for, in Teleport's words: `app "hello"`. */
      readonly sought: string;
      /** There are several, and one alone is wanted. */
      readonly several: boolean;
      /** The credential it was for; undefined where tbot does not say. */
      readonly credential: string | undefined;
      /** What else was not found, in a few words each. */
      readonly others?: readonly string[];
    }
  | {
      readonly code: 'unsupported';
      readonly subject: 'service' | 'join-method' | 'kubernetes';
      /** The cluster would need another licence. */
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
      /** tbot 19 refuses `roles`, and TBOT_USE_PROXY_ADDR needs a proxy. */
      readonly reason: 'roles' | 'proxy-address';
    }
  | { readonly code: 'proxy-unreachable'; readonly message: string }
  | { readonly code: 'proxy-untrusted'; readonly reason: 'authority' | 'name' | 'pin' }
  | {
      readonly code: 'proxy-untrusted';
      readonly reason: 'expired';
      /** Both as tbot prints them. */
      readonly times: { readonly now: string; readonly end: string } | undefined;
    }
  | { readonly code: 'rate-limited' }
  | { readonly code: 'clock' }
  | {
      readonly code: 'version';
      /** The oldest tbot that the cluster takes; undefined when tbot did not take our config. */
      readonly minimum: string | undefined;
      readonly message: string;
    }
  | { readonly code: 'ttl'; readonly message: string }
  | { readonly code: 'platform'; readonly reason: 'full' | 'read-only' | 'forbidden' | 'binary' }
  | {
      readonly code: 'tbot';
      readonly exit: Exit;
      /** Its last words; empty when it had none. */
      readonly message: string;
      /** Among it that something sent it a page instead of an answer. */
      readonly page: boolean;
    };

export type Diagnosis = Cause & {
  /** It can pass by itself, so another try makes sense. Never a denial. */
  readonly retryable: boolean;
  /** The end of tbot's log, fit to be shown. */
  readonly log: readonly string[];
  /** The bot's name where the log tells it. */
  readonly bot: string | undefined;
};
