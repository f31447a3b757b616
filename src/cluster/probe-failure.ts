import { NetworkError, type NetworkFailure, trustFix } from '../http/http-error.ts';
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
      return notTeleport(proxy, 'it does not use TLS and HTTP', error);
    case 'too-long':
      return notTeleport(proxy, 'the response is too long', error);
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

const checkFirewall = 'Correct `proxy`, or allow connections to it in the firewall.';
const checkAddress =
  'Check that `proxy` is the address of the Teleport Proxy, and check load balancers and firewalls in front of it.';

const fixes: Readonly<
  Record<Exclude<NetworkFailure, 'untrusted' | 'protocol' | 'too-long'>, string>
> = {
  unresolved: "Correct the host name in `proxy`, or the runner's DNS configuration.",
  refused: 'Correct the port in `proxy` (usually 443 or 3080), or start the Teleport Proxy.',
  proxy: 'Correct HTTPS_PROXY, allow the Teleport Proxy in the HTTP proxy, or add it to NO_PROXY.',
  timeout: checkFirewall,
  unreachable: checkFirewall,
  reset: checkAddress,
  redirect: checkAddress,
  other: checkAddress,
};

/** Returns the message as a sentence that names the proxy once. */
function sentence(proxy: string, { message }: NetworkError): string {
  if (!message.includes(proxy)) return `The Teleport Proxy ${proxy} cannot be reached: ${message}.`;
  const text = message.replace(proxy, `the Teleport Proxy ${proxy}`);
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;
}

function unreachable(proxy: string, error: NetworkError, fix: string): Problem {
  return new Problem({
    code: 'proxy-unreachable',
    what: sentence(proxy, error),
    fix,
    cause: error,
  });
}

function serverError(proxy: string, error: StatusError): Problem {
  return new Problem({
    code: 'proxy-unreachable',
    what: `The Teleport Proxy ${proxy} returned HTTP ${error.status}.`,
    fix: 'Run the job again later, or check the logs of the proxy and of any load balancer in front of it.',
    cause: error,
  });
}

function rateLimited(proxy: string, error: StatusError): Problem {
  return new Problem({
    code: 'rate-limited',
    what: `The Teleport Proxy ${proxy} is rate-limiting this IP address (HTTP 429).`,
    fix: 'Run the job again later, or start fewer jobs at once behind this IP address.',
    cause: error,
  });
}

function untrusted(proxy: string, error: NetworkError): Problem {
  return new Problem({
    code: 'proxy-untrusted',
    what: sentence(proxy, error),
    fix: trustFix(error.code, 'the proxy'),
    cause: error,
  });
}

function notTeleport(proxy: string, why: string, cause: Error): Problem {
  return new Problem({
    code: 'not-teleport',
    what: `${proxy} is not a Teleport Proxy: ${why}.`,
    fix: "Set `proxy` to the host and port of the cluster's web UI.",
    cause,
  });
}
