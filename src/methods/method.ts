import type { JobFacts } from '../ci/port.ts';
import type { Environment } from '../ci/port.ts';
import type { Problem, ProblemCode } from '../problem.ts';
import type { Availability } from '../versions/releases.ts';
import type { Fields, Values } from '../yaml/fields.ts';
import type { Evidence } from './evidence.ts';

/** The description of one of tbot's join methods. Functions are pure. */
export interface Method {
  /** The tbot releases that support the method. */
  readonly since: Availability;
  /** Whether allow rules match the claims of a token or the machine that runs the job. */
  readonly identifiedBy: 'claims' | 'machine';
  /** Describes what allow rules match, as the end of a sentence. Default: by `identifiedBy`. */
  readonly ruleSubject?: string;
  readonly parameters?: MethodParameters;
  /** The tbot releases that support a parameter or variable newer than the method. */
  readonly newer?: Readonly<Record<string, Availability>>;
  /** Returns the variables that tbot reads (lib/join, one token source for each method). */
  readonly variables?: (parameters: Values) => MethodVariables;
  /** A variable that redirects the method's metadata service. Only loopback is accepted. */
  readonly metadataService?: { readonly variable: string; readonly urlPrefix: '' | 'http://' };
  /** Returns variables through which parameters reach tbot releases without a key for them, or that a command needs. */
  readonly environment?: (parameters: Values, env: Environment) => Readonly<Record<string, string>>;
  /** Returns the Problem of a job that lacks the required variables, in place of the general one. */
  readonly problemWithout?: (job: JobFacts) => Problem;
  /** The join token is a secret, not a name. */
  readonly secretToken?: true;
  /** Whether the job can join only once with its token or secret. */
  readonly isSingleUse?: (parameters: Values, variables: readonly string[]) => boolean;
  /** The setting with which such a job can join repeatedly, as a noun phrase. */
  readonly repeatable?: string;
  /** `join-method: auto` can choose it. */
  readonly automatic?: true;
  /** The join token can hold the issuer's keys as `static_jwks` (documentation, "Join Methods"). */
  readonly staticKeys?: true;
  /** Errors name the machine, which a public log must not show. */
  readonly privateMachine?: true;
  /** Whether evidence can explain a failure further. */
  readonly needsEvidence?: (failure: FailureKind, job: JobFacts) => boolean;
  /** Returns the method's part of a join token, YAML lines below `spec.<method>`, not indented. */
  readonly tokenRules?: (evidence: Evidence, job: JobFacts) => readonly string[];
  /** Returns what to do if the join token expects OIDC tokens from another issuer, as a sentence. */
  readonly issuerFix?: TextFor;
  /** The audience that the join token requires, as a noun phrase. Default: that of most methods. */
  readonly audience?: string;
  /** Returns how to join without Teleport Enterprise, as a sentence, or an empty text. */
  readonly licenseFix?: TextFor;
}

/** Composes a sentence; `edit` is the command that edits the join token. */
type TextFor = (edit: string, job: JobFacts) => string;

/** The part of tbot's `onboarding` that belongs to a method. */
export interface MethodParameters {
  readonly key: string;
  readonly fields: Fields;
  /** The input that sets them; without it they are keys of the input `onboarding`. */
  readonly input?: string;
  /** Whether they are written to tbot's config, or reach tbot through `environment` only. */
  readonly passedBy: 'config' | 'variable';
  /** Keys of paths, or of commands whose program can be a path. */
  readonly paths?: readonly string[];
  /** Returns errors as clauses; `chosen`: this is the join method of the step. */
  readonly conflicts?: (parameters: Values, chosen: boolean) => readonly (string | false)[];
}

/** Variables of the job's environment that tbot reads for a method. */
export interface MethodVariables {
  readonly required: readonly string[];
  readonly optional: readonly string[];
  /** Those of them whose values must not be shown. */
  readonly secret: readonly string[];
  /** One of the required variables is enough. */
  readonly alternatives?: true;
  /** Those of them that a parameter replaces. */
  readonly unused?: readonly string[];
}

/** The part of a diagnosis that decides whether evidence helps. */
export interface FailureKind {
  readonly code: ProblemCode;
  /** tbot received a web page in place of JSON. */
  readonly page: boolean;
}

/** Whether the claims of the job's OIDC token can explain a failure. */
export function needsClaims({ code }: FailureKind): boolean {
  return code === 'claims-denied' || code === 'token-unknown';
}

/** Returns variables that are all required and secret. */
export function requires(...required: readonly string[]): MethodVariables {
  return { required, optional: [], secret: required };
}

/** Whether tbot may read a token from this variable. Excludes those of tbot, Go and the dynamic loader. */
export function isOrdinaryVariable(name: string): boolean {
  return (
    /^[A-Za-z_]\w*$/.test(name) &&
    !/^(?:TELEPORT_|_?TBOT_(?!GITLAB_JWT$)|SSL_CERT_|GO|LD_|DYLD_|PATH$)/i.test(name)
  );
}

/** Returns the error message for a parameter that names such a variable. */
export function variableConflict(name: string | undefined): string | false {
  return (
    name !== undefined &&
    !isOrdinaryVariable(name) &&
    'a variable name must consist of letters, digits and `_`, and must not be a variable that configures tbot itself'
  );
}
