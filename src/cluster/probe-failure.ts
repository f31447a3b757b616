import { NetworkError, type NetworkFailure } from '../http/http-error.ts';
import { StatusError } from '../http/retry.ts';
import { Problem } from '../problem.ts';
import { NotTeleport } from './find-response.ts';

/** Returns the Problem for a failed request to a proxy, or the error itself if it is unexpected. */
export function probeFailure(proxy: string, error: unknown): unknown {
  if (error instanceof NotTeleport) return notTeleport(proxy, error.message, error);
  if (error instanceof StatusError)
    return error.status === 429 ? rateLimited(proxy, error) : serverError(proxy, error);
  return error instanceof NetworkError ? networkFailed(proxy, error) : error;
}

function networkFailed(proxy: string, error: NetworkError): Problem {
  switch (error.kind) {
    case 'untrusted':
      return untrusted(proxy, error);
    case 'protocol':
      return notTeleport(proxy, 'it does not speak TLS as a proxy does', error);
    case 'too-long':
      return notTeleport(proxy, 'its answer is far too long', error);
    case 'unresolved':
    case 'refused':
    case 'proxy':
    case 'timeout':
    case 'unreachable':
    case 'reset':
    case 'redirect':
    case 'other':
      return unreachable(proxy, error, fixes[error.kind]);
    default:
      return error.kind satisfies never;
  }
}

const checkFirewall = 'Correct `proxy`, or let the runner through the firewall to that address.';
const checkAddress =
  'Check that this is the web address of the Teleport Proxy, and that nothing in between cuts it off.';

const fixes: Readonly<
  Record<Exclude<NetworkFailure, 'untrusted' | 'protocol' | 'too-long'>, string>
> = {
  unresolved: 'Correct the host in `proxy`, or the DNS of the runner.',
  refused: 'Correct the port in `proxy` (usually 443 or 3080), or start the proxy.',
  proxy: 'Have the HTTP proxy let the Teleport Proxy pass, or add its host to NO_PROXY.',
  timeout: checkFirewall,
  unreachable: checkFirewall,
  reset: checkAddress,
  redirect: checkAddress,
  other: checkAddress,
};

function unreachable(proxy: string, error: NetworkError, fix: string): Problem {
  return new Problem({
    code: 'proxy-unreachable',
    what: `The Teleport Proxy ${proxy} cannot be reached: ${error.message}.`,
    fix,
    cause: error,
  });
}

function serverError(proxy: string, error: StatusError): Problem {
  return new Problem({
    code: 'proxy-unreachable',
    what: `The Teleport Proxy ${proxy} is out of order: it answers with status ${error.status}.`,
    fix: 'Run the job again later, or look into the log of the proxy and of what stands before it.',
    cause: error,
  });
}

function rateLimited(proxy: string, error: StatusError): Problem {
  return new Problem({
    code: 'rate-limited',
    what: `The Teleport Proxy ${proxy} turns requests from this network address away for now (429).`,
    fix: 'Run the job again later, or start fewer jobs at once behind the same address.',
    cause: error,
  });
}

function untrusted(proxy: string, error: NetworkError): Problem {
  return new Problem({
    code: 'proxy-untrusted',
    what: `The Teleport Proxy ${proxy} is not trusted: ${error.message}.`,
    fix: trustFix(error.code),
    cause: error,
  });
}

function trustFix(code: string | undefined): string {
  if (code === 'CERT_HAS_EXPIRED')
    return 'Renew the certificate of the proxy; if it is not old, set the clock of the runner.';
  if (code === 'CERT_NOT_YET_VALID') return 'Set the clock of the runner, or that of the issuer.';
  if (code === 'ERR_TLS_CERT_ALTNAME_INVALID')
    return 'Write in `proxy` the name that the certificate is for.';
  return 'Give the PEM file of the authority as `extra-ca-file`, if that authority is yours.';
}

function notTeleport(proxy: string, why: string, cause: Error): Problem {
  return new Problem({
    code: 'not-teleport',
    what: `${proxy} is not a Teleport Proxy: ${why}.`,
    fix: 'Give as `proxy` the host and port under which the web page of your cluster opens.',
    cause,
  });
}
