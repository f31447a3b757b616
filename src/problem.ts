/**
 * The codes of all Problems. Each has a section in docs/problems.md and a test that provokes it.
 */
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
  'signature',
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

/** The content of a Problem. All of it is shown to the user, so it must not contain a secret. */
export interface ProblemText {
  readonly code: ProblemCode;
  /** One sentence: what happened. Ends with a colon if `errors` follow. */
  readonly what: string;
  /** The single errors, if there are several, such as all invalid inputs. */
  readonly errors?: readonly string[];
  /** One sentence: what to do about it. */
  readonly fix: string;
  /** Further sentences, such as alternatives and warnings. */
  readonly notes?: readonly string[];
  /** Values to compare, such as the claims of the job. */
  readonly facts?: Facts;
  /** A Teleport resource or a part of one as YAML, ready to paste. */
  readonly paste?: string;
  /** The last lines of the failed program's log, oldest first. */
  readonly log?: readonly string[];
  readonly cause?: unknown;
}

/** Values shown literally, one per line, below a title that ends with a colon. */
export interface Facts {
  readonly title: string;
  readonly lines: readonly string[];
}

/** A failure that the user can fix. Any other error is a bug of the action. */
export class Problem extends Error {
  override readonly name = 'Problem';
  readonly code: ProblemCode;
  readonly errors: readonly string[];
  readonly fix: string;
  readonly notes: readonly string[];
  readonly facts: Facts | undefined;
  readonly paste: string | undefined;
  readonly log: readonly string[];
  readonly #text: ProblemText;

  constructor(text: ProblemText) {
    super(text.what, { cause: text.cause });
    this.#text = text;
    this.code = text.code;
    this.errors = text.errors ?? [];
    this.fix = text.fix;
    this.notes = text.notes ?? [];
    this.facts = text.facts;
    this.paste = text.paste;
    this.log = text.log ?? [];
  }

  /** Returns a copy without the log, if the log was already printed. */
  withoutLog(): Problem {
    return new Problem({ ...this.#text, log: [] });
  }
}

/** Returns the message of a thrown value, which need not be an Error. */
export function messageOf(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : String(thrown);
}
