import { codeOf } from '../text/error-code.ts';

/** Ways in which an exchange can fail before there is an answer to judge. */
export type NetworkFailure =
  /** The name has no address. */
  | 'unresolved'
  /** The machine answers, the port is closed. */
  | 'refused'
  /** There is no way to the machine. */
  | 'unreachable'
  /** Nothing came in time. */
  | 'timeout'
  /** The connection broke off. */
  | 'reset'
  /** The certificate is not accepted; `code` is OpenSSL's or Node's. */
  | 'untrusted'
  /** What answers speaks no TLS, or no HTTP. */
  | 'protocol'
  /** The HTTP proxy could not be reached or did not let us through. */
  | 'proxy'
  /** A redirect that is not followed. */
  | 'redirect'
  /** The answer is longer than the caller wants. */
  | 'too-long'
  | 'other';

export interface NetworkErrorText {
  readonly kind: NetworkFailure;
  /** A clause without full stop, fit to be shown: it holds addresses, never a secret. */
  readonly what: string;
  readonly code?: string | undefined;
  /** It may go well when tried again. */
  readonly retryable?: boolean;
  readonly cause?: unknown;
}

/** An exchange that brought no answer. `message` is a clause that names both ends of the trouble. */
export class NetworkError extends Error {
  override readonly name = 'NetworkError';
  readonly kind: NetworkFailure;
  readonly code: string | undefined;
  readonly retryable: boolean;

  constructor(text: NetworkErrorText) {
    super(text.what, { cause: text.cause });
    this.kind = text.kind;
    this.code = text.code;
    this.retryable = text.retryable ?? retryableKinds.has(text.kind);
  }
}

const retryableKinds: ReadonlySet<NetworkFailure> = new Set(['refused', 'reset', 'unreachable']);

const kindOfCode: Readonly<Record<string, NetworkFailure>> = {
  ENOTFOUND: 'unresolved',
  EAI_AGAIN: 'unresolved',
  EAI_FAIL: 'unresolved',
  EAI_NODATA: 'unresolved',
  ECONNREFUSED: 'refused',
  EHOSTUNREACH: 'unreachable',
  ENETUNREACH: 'unreachable',
  EADDRNOTAVAIL: 'unreachable',
  ENETDOWN: 'unreachable',
  EHOSTDOWN: 'unreachable',
  EACCES: 'unreachable',
  EPERM: 'unreachable',
  ETIMEDOUT: 'timeout',
  ECONNRESET: 'reset',
  ECONNABORTED: 'reset',
  EPIPE: 'reset',
  EPROTO: 'protocol',
  UND_ERR_SOCKET: 'reset',
  UND_ERR_DESTROYED: 'reset',
  UND_ERR_CLOSED: 'reset',
  UND_ERR_HEADERS_OVERFLOW: 'protocol',
};

/** X.509 verification results (OpenSSL, X509_STORE_CTX_get_error) and Node's own for a wrong name. */
const certificateCode =
  /CERT|ISSUER|CRL|INVALID_CA|INVALID_PURPOSE|PATH_LENGTH|HOSTNAME_MISMATCH|LEAF_SIGNATURE/;

function kindOf(code: string): NetworkFailure {
  const known = kindOfCode[code];
  if (known) return known;
  if (/^(ERR_SSL_|HPE_)/.test(code)) return 'protocol';
  return certificateCode.test(code) ? 'untrusted' : 'other';
}

/** Says what an error of Node's sockets or of undici means; `peer` is the `host:port` that was spoken to. */
export function networkError(error: unknown, peer: string): NetworkError {
  if (error instanceof NetworkError) return error;
  const given = codeOf(error);
  const kind = kindOf(given ?? '');
  // undici's own codes tell a user nothing, and undici repeats for ever what carries one of them.
  const code = given?.startsWith('UND_ERR_') ? undefined : given;
  return new NetworkError({
    kind,
    code,
    what: clause(kind, code, peer),
    retryable: retryableKinds.has(kind) || code === 'EAI_AGAIN',
    cause: error,
  });
}

function clause(kind: NetworkFailure, code: string | undefined, peer: string): string {
  const detail = code === undefined ? '' : ` (${code})`;
  switch (kind) {
    case 'unresolved':
      return `the name of ${peer} cannot be resolved${detail}`;
    case 'refused':
      return `${peer} refuses connections${detail}`;
    case 'unreachable':
      return `there is no way to ${peer} from here${detail}`;
    case 'timeout':
      return `${peer} does not answer${detail}`;
    case 'reset':
      return `${peer} broke off the connection${detail}`;
    case 'untrusted':
      return `the certificate of ${peer} ${flaw(code)}${detail}`;
    case 'protocol':
      return `${peer} does not speak HTTPS${detail}`;
    case 'proxy':
    case 'redirect':
    case 'too-long':
    case 'other':
      return `talking to ${peer} failed${detail}`;
    default:
      return kind satisfies never;
  }
}

function flaw(code: string | undefined): string {
  if (code === 'CERT_HAS_EXPIRED') return 'has expired';
  if (code === 'CERT_NOT_YET_VALID') return 'is not valid yet';
  if (code === 'CERT_REVOKED') return 'has been revoked';
  if (code === 'ERR_TLS_CERT_ALTNAME_INVALID') return 'is for another name';
  return 'is signed by an authority that is not trusted here';
}

/** Another set of authorities could change the verdict. */
export function isAuthorityUnknown(error: unknown): boolean {
  return error instanceof NetworkError && authorityCodes.has(error.code ?? '');
}

const authorityCodes: ReadonlySet<string> = new Set([
  'UNABLE_TO_GET_ISSUER_CERT',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'CERT_UNTRUSTED',
]);
