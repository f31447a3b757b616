import type { Endpoint } from '../../../cluster/endpoint.ts';
import { type Identity, variablesOf } from '../../../methods/join-identity.ts';
import { type MessageFacts, type CauseOf, sentence, type Text } from './message.ts';

/** The connection between the runner and the cluster failed. */
export function connectionMessage(
  cause: CauseOf<'proxy-unreachable' | 'proxy-untrusted' | 'rate-limited' | 'clock'>,
  { context }: MessageFacts,
): Text {
  const { endpoint, identity } = context;
  switch (cause.code) {
    case 'proxy-unreachable':
      return unreachable(endpoint, cause.message);
    case 'proxy-untrusted':
      return cause.reason === 'expired'
        ? expired(endpoint, cause.times)
        : untrusted(endpoint, cause.reason);
    case 'rate-limited':
      return {
        what: `${names[endpoint.kind]} ${endpoint.address} is rate-limiting this IP address${cause.message === undefined ? ' (HTTP 429).' : `: ${sentence(cause.message)}`}`,
        fix: 'Run the job again later, or start fewer jobs at once behind this IP address.',
      };
    case 'clock':
      return {
        what: 'An OIDC token or a certificate is outside its validity period; the clocks of the runner and the cluster disagree.',
        fix: 'Correct the clock of the runner (`timedatectl status`). If you host Teleport yourself, also check the clock of its Auth Service.',
        notes: earlierTokenNotes(identity),
      };
    default:
      return cause satisfies never;
  }
}

/** Explains that a token that the CI system put into a variable can be older than this step. */
function earlierTokenNotes(identity: Identity): readonly string[] {
  const { required, secret } = variablesOf(identity);
  const [variable] = required;
  return variable !== undefined && required.length === 1 && secret.includes(variable)
    ? [
        `The OIDC token in ${variable} was issued before this step, so it can also have expired since: join earlier in the job.`,
      ]
    : [];
}

const names = { proxy: 'The Teleport Proxy', 'auth-server': 'The Auth Service' } as const;

function unreachable(endpoint: Endpoint, message: string): Text {
  if (/proxy authentication required|unable to proxy connection: 407/i.test(message))
    return {
      what: `The HTTP proxy between the runner and ${endpoint.address} requires authentication (HTTP 407).`,
      fix: 'Add the user name and the password to HTTPS_PROXY (`http://USER:PASSWORD@HOST:PORT`), or add the host of the cluster to NO_PROXY.',
    };
  if (endpoint.kind === 'auth-server') return authServerUnreachable(endpoint, message);
  const what = `tbot could not connect to the Teleport Proxy ${endpoint.address}: ${sentence(message)}`;
  if (/no application protocol/.test(message))
    return {
      what,
      fix: 'Configure the load balancer in front of the proxy to pass TLS through with its ALPN protocols; see "TLS routing" in the Teleport documentation.',
    };
  if (/\btls: /i.test(message))
    return {
      what: `The TLS handshake with ${endpoint.address} failed: ${sentence(message)}`,
      fix: 'Configure load balancers and HTTP proxies in front of Teleport to pass TLS through, and check that `proxy` is the address of the Teleport Proxy.',
    };
  if (/no such host|lookup \S+/.test(message))
    return { what, fix: "Correct the host name in `proxy`, or the runner's DNS configuration." };
  return {
    what,
    fix: 'Run the job again. If the error persists, check HTTPS_PROXY and NO_PROXY, and that the runner can also reach the public address of the proxy (setting TBOT_USE_PROXY_ADDR to `yes` makes tbot use only the address in `proxy`).',
  };
}

function expired({ address }: Endpoint, times: { now: string; end: string } | undefined): Text {
  return {
    what: times
      ? `The certificate of ${address} expired at ${times.end}, and the clock of the runner shows ${times.now}.`
      : `The certificate of ${address} has expired.`,
    fix: 'Ask the Teleport administrator to renew the certificate. If it is still valid, correct the clock of the runner (`timedatectl status`).',
  };
}

type TrustFailure = Exclude<CauseOf<'proxy-untrusted'>['reason'], 'expired'>;

function untrusted(endpoint: Endpoint, reason: TrustFailure): Text {
  if (endpoint.kind === 'auth-server') return authServerUntrusted(endpoint, reason);
  if (reason === 'name')
    return {
      what: `The certificate of ${endpoint.address} is for a different host name.`,
      fix: 'Set `proxy` to a host name that the certificate contains.',
    };
  return {
    what: `The certificate of ${endpoint.address} is signed by a CA that this runner does not trust.`,
    fix: 'If you trust the CA, set `extra-ca-file` to a PEM file with its certificate.',
  };
}

type AuthServer = Extract<Endpoint, { kind: 'auth-server' }>;

/** tbot could not reach the Auth Service, or the proxy that the Auth Service announces. */
function authServerUnreachable({ address }: AuthServer, message: string): Text {
  const what = `tbot could not connect to the Auth Service ${address}: ${sentence(message)}`;
  if (/no such host|lookup \S+/.test(message))
    return {
      what,
      fix: "Correct the host name in `auth-server`, or the runner's DNS configuration.",
    };
  return {
    what,
    fix: 'Check that the runner can reach the Auth Service at this address (usually port 3025, not the port of a proxy) and, for SSH and Kubernetes, the public address of the proxy. If the runner can reach only the proxy, set `proxy` instead.',
  };
}

/** The CA pins do not match the certificate of the Auth Service. */
function authServerUntrusted({ address }: AuthServer, reason: TrustFailure): Text {
  return {
    what:
      reason === 'pin'
        ? `\`ca-pins\` does not match the cluster at ${address}.`
        : `\`ca-pins\` does not match the CA of ${address}, or there is no Auth Service at this address.`,
    fix: 'Compare `ca-pins` with the output of `tctl status`: the pin changes when the host CA is rotated. If this is the address of a proxy, set `proxy` instead.',
  };
}
