import { codeOf } from '../text/error-code.ts';

/** Why a request got no usable response. */
export type NetworkFailure =
  /** DNS has no address for the name. */
  | 'unresolved'
  /** The port is closed. */
  | 'refused'
  /** There is no route to the host. */
  | 'unreachable'
  /** There was no response in time. */
  | 'timeout'
  /** The connection was lost. */
  | 'reset'
  /** The certificate was rejected; `code` is OpenSSL's or Node's. */
  | 'untrusted'
  /** The server does not use TLS or HTTP. */
  | 'protocol'
  /** The HTTP proxy could not be reached, or rejected the request. */
  | 'proxy'
  /** The redirect is not permitted. */
  | 'redirect'
  /** The response is longer than the caller's limit. */
  | 'too-long'
  | 'other';

export interface NetworkErrorOptions {
  readonly kind: NetworkFailure;
  /** A clause without full stop. Shown to the user, so it must not contain a secret. */
  readonly what: string;
  readonly code?: string | undefined;
  /** Defaults to whether failures of this kind are retryable. */
  readonly retryable?: boolean;
  readonly cause?: unknown;
}

/** A request that got no usable response. `message` is a clause that names the peer and the cause. */
export class NetworkError extends Error {
  override readonly name = 'NetworkError';
  readonly kind: NetworkFailure;
  readonly code: string | undefined;
  readonly retryable: boolean;

  constructor(options: NetworkErrorOptions) {
    super(options.what, { cause: options.cause });
    this.kind = options.kind;
    this.code = options.code;
    this.retryable = options.retryable ?? retryableKinds.has(options.kind);
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

/** X.509 verification results (OpenSSL, X509_STORE_CTX_get_error) and Node's code for a wrong name. */
const certificateCode =
  /CERT|ISSUER|CRL|INVALID_CA|INVALID_PURPOSE|PATH_LENGTH|HOSTNAME_MISMATCH|LEAF_SIGNATURE/;

function kindOf(code: string): NetworkFailure {
  const known = kindOfCode[code];
  if (known) return known;
  if (/^(ERR_SSL_|HPE_)/.test(code)) return 'protocol';
  return certificateCode.test(code) ? 'untrusted' : 'other';
}

/** Converts an error of Node's sockets or of undici; `peer` is the `host:port` of the other side. */
export function networkError(error: unknown, peer: string): NetworkError {
  if (error instanceof NetworkError) return error;
  const given = codeOf(error);
  const kind = kindOf(given ?? '');
  // undici's codes mean nothing to a user, and undici retries an error with one of them forever.
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
      return `${hostOf(peer)} cannot be resolved${detail}`;
    case 'refused':
      return `${peer} refused the connection${detail}`;
    case 'unreachable':
      return `${peer} is unreachable${detail}`;
    case 'timeout':
      return `the connection to ${peer} timed out${detail}`;
    case 'reset':
      return `${peer} closed the connection${detail}`;
    case 'untrusted':
      return `the certificate of ${peer} ${certificateProblem(code)}${detail}${clockNote(code)}`;
    case 'protocol':
      return `${peer} does not use HTTPS${detail}`;
    case 'proxy':
    case 'redirect':
    case 'too-long':
    case 'other':
      return `the request to ${peer} failed${detail}`;
    default:
      return kind satisfies never;
  }
}

function hostOf(peer: string): string {
  const [, proxy, host = peer] = /^(HTTP proxy )?(.+):\d+$/.exec(peer) ?? [];
  return proxy === undefined ? `host name ${host}` : `host name ${host} of the HTTP proxy`;
}

function certificateProblem(code: string | undefined): string {
  if (code === 'CERT_HAS_EXPIRED') return 'has expired';
  if (code === 'CERT_NOT_YET_VALID') return 'is not yet valid';
  if (code === 'CERT_REVOKED') return 'has been revoked';
  if (code === 'ERR_TLS_CERT_ALTNAME_INVALID') return 'is for another host name';
  return 'is signed by a CA that this runner does not trust';
}

/** Returns the time of the runner if it decides whether the certificate is valid. */
function clockNote(code: string | undefined): string {
  if (code !== 'CERT_HAS_EXPIRED' && code !== 'CERT_NOT_YET_VALID') return '';
  return `; the runner's clock shows ${new Date().toISOString().replace(/\.\d+/, '')}`;
}

/** Returns what to do about a rejected certificate of `server`, a noun phrase. */
export function trustFix(code: string | undefined, server: string): string {
  if (code === 'CERT_HAS_EXPIRED')
    return `Renew the certificate of ${server}, or correct the runner's clock if it is wrong.`;
  if (code === 'CERT_NOT_YET_VALID')
    return `Correct the runner's clock, or reissue the certificate of ${server} if the clock is right.`;
  if (code === 'ERR_TLS_CERT_ALTNAME_INVALID')
    return `Use a host name that the certificate of ${server} is valid for.`;
  return 'If you trust the CA, set `extra-ca-file` to a PEM file with its certificate.';
}

/** Returns whether the certificate could be valid with more CA certificates. */
export function isIssuerUnknown(error: unknown): boolean {
  return error instanceof NetworkError && unknownIssuerCodes.has(error.code ?? '');
}

const unknownIssuerCodes: ReadonlySet<string> = new Set([
  'UNABLE_TO_GET_ISSUER_CERT',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'CERT_UNTRUSTED',
]);
