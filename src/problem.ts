/** Every code is an anchor in docs/problems.md, and a test provokes it. */
export const problemCodes = [
  'inputs',
  'platform',
  'proxy-unreachable',
  'proxy-untrusted',
  'not-teleport',
  'rate-limited',
  'wrong-cluster',
  'version',
  'download',
  'checksum',
  'archive',
  'tbot',
  'no-identity',
  'no-id-token',
  'id-token-refused',
  'no-imds',
  'imds-no-identity',
  'imds-several-identities',
  'imds-throttled',
  'azure-egress',
  'azure-api',
  'aws',
  'issuer-unreachable',
  'token-unknown',
  'token-method',
  'token-role',
  'claims-denied',
  'azure-denied',
  'bound-keypair',
  'bot-unknown',
  'scoped-bot',
  'no-roles',
  'role-denied',
  'mfa-required',
  'locked',
  'service-not-found',
  'workload-identity-denied',
  'unsupported',
  'ttl',
  'clock',
  'timeout',
  'cancelled',
  'leftover',
] as const;

export type ProblemCode = (typeof problemCodes)[number];

/** What a Problem says; all of it is shown to the user, so none of it may hold a secret. */
export interface ProblemText {
  readonly code: ProblemCode;
  /** One sentence: what happened. */
  readonly what: string;
  /** One sentence: what to do about it. */
  readonly fix: string;
  /** Lines that belong to the message: every mistake in the inputs, the claims of the job. */
  readonly details?: readonly string[];
  /** A resource or a part of one, YAML, ready to paste. */
  readonly paste?: string;
  /** The end of the log of the program that failed, oldest line first. */
  readonly log?: readonly string[];
  readonly cause?: unknown;
}

/** A failure that a user can meet and mend. Anything else that is thrown is a bug of ours. */
export class Problem extends Error {
  override readonly name = 'Problem';
  readonly code: ProblemCode;
  readonly fix: string;
  readonly details: readonly string[];
  readonly paste: string | undefined;
  readonly log: readonly string[];

  constructor(text: ProblemText) {
    super(text.what, { cause: text.cause });
    this.code = text.code;
    this.fix = text.fix;
    this.details = text.details ?? [];
    this.paste = text.paste;
    this.log = text.log ?? [];
  }
}

/** What a thrown value says; not everything that is thrown is an Error. */
export function messageOf(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : String(thrown);
}
