import type { Endpoint } from '../../../cluster/endpoint.ts';
import { type MessageFacts, type CauseOf, sentence, type Text } from './message.ts';

/** The connection between the runner and the cluster failed. */
export function connectionMessage(
  cause: CauseOf<'proxy-unreachable' | 'proxy-untrusted' | 'rate-limited' | 'clock'>,
  { context }: MessageFacts,
): Text {
  const { endpoint } = context;
  switch (cause.code) {
    case 'proxy-unreachable':
      return unreachable(endpoint, cause.message);
    case 'proxy-untrusted':
      return cause.reason === 'expired'
        ? expired(endpoint, cause.times)
        : untrusted(endpoint, cause.reason);
    case 'rate-limited':
      return {
        what: `${names[endpoint.kind]} ${endpoint.address} takes no more requests from this address for the moment.`,
        fix: 'Run the job again, and start fewer jobs at once behind one address.',
      };
    case 'clock':
      return {
        what: 'A proof or a certificate was not valid at the time the other side has: two clocks differ.',
        fix: 'Set the clock of the runner (`timedatectl status`) and, where you host Teleport yourself, that of its Auth Service.',
      };
    default:
      return cause satisfies never;
  }
}

const names = { proxy: 'The proxy', 'auth-server': 'The Auth Service' } as const;

function unreachable(endpoint: Endpoint, message: string): Text {
  if (/proxy authentication required|unable to proxy connection: 407/i.test(message))
    return {
      what: `The HTTP proxy between the runner and ${endpoint.address} requires authentication (HTTP 407): ${sentence(message)}`,
      fix: 'Put the user name and the password into HTTPS_PROXY (`http://USER:PASSWORD@HOST:PORT`), or add the host of the cluster to NO_PROXY.',
    };
  if (endpoint.kind === 'auth-server') return authServerUnreachable(endpoint, message);
  const what = `tbot could not connect to the cluster through ${endpoint.address}: ${sentence(message)}`;
  if (/no application protocol/.test(message))
    return {
      what,
      fix: 'Let the load balancer in front of the proxy pass TLS through with its ALPN protocols, or enable its support in Teleport ("TLS routing").',
    };
  if (/\btls: /i.test(message))
    return {
      what: `The TLS handshake with ${endpoint.address} failed: ${sentence(message)}`,
      fix: 'Let load balancers and HTTP proxies in front of Teleport pass TLS through, and check that `proxy` is the address of the Teleport Proxy.',
    };
  if (/no such host|lookup \S+/.test(message))
    return { what, fix: 'Correct `proxy`, or the DNS of the runner, so that the name resolves.' };
  return {
    what,
    fix: 'Run the job again; if it stays so, let the runner reach the proxy, also at the public address it announces (or set TBOT_USE_PROXY_ADDR to `yes`), and look at HTTPS_PROXY and NO_PROXY.',
  };
}

function expired({ address }: Endpoint, times: { now: string; end: string } | undefined): Text {
  const what = `The certificate of ${address} has expired`;
  return {
    what: times
      ? `${what}: it ended at ${times.end}, and the clock of the runner shows ${times.now}.`
      : `${what}.`,
    fix: 'Ask the Teleport administrator to renew it; if it is still valid, set the clock of the runner (`timedatectl status`).',
  };
}

type Distrust = Exclude<CauseOf<'proxy-untrusted'>['reason'], 'expired'>;

function untrusted(endpoint: Endpoint, reason: Distrust): Text {
  if (endpoint.kind === 'auth-server') return authServerUntrusted(endpoint, reason);
  if (reason === 'name')
    return {
      what: `The certificate of ${endpoint.address} is for another name.`,
      fix: 'Give as `proxy` a name that the certificate holds.',
    };
  return {
    what: `tbot does not trust the certificate of ${endpoint.address}: it does not know the authority that signed it.`,
    fix: 'Give `extra-ca-file` the path of a PEM file with the certificate of that authority.',
  };
}

type AuthServer = Extract<Endpoint, { kind: 'auth-server' }>;

/** tbot could not reach the Auth Service, or the proxy that the Auth Service announces. */
function authServerUnreachable({ address }: AuthServer, message: string): Text {
  const what = `tbot could not connect to the cluster at the Auth Service ${address}: ${sentence(message)}`;
  if (/no such host|lookup \S+/.test(message))
    return {
      what,
      fix: 'Correct `auth-server`, or the DNS of the runner, so that the name resolves.',
    };
  return {
    what,
    fix: 'Check that an Auth Service listens there (its own port, usually 3025, not the port of a proxy), and let the runner reach it, and the public address of the proxy, too, for SSH and Kubernetes; where it can reach a proxy alone, give `proxy` instead.',
  };
}

const renew =
  'Compare `ca-pins` with what `tctl status` shows; after a rotation of the host authority it is another one. If a proxy is at that address, give it as `proxy`.';

/** The CA pins do not match the certificate of the Auth Service. */
function authServerUntrusted(
  { address, caPins }: AuthServer,
  reason: Exclude<CauseOf<'proxy-untrusted'>['reason'], 'expired'>,
): Text {
  const none = caPins.length === 1 ? 'is not the pin' : 'are not the pins';
  if (reason === 'pin')
    return { what: `\`ca-pins\` ${none} of the cluster behind ${address}.`, fix: renew };
  return {
    what: `tbot does not trust what answers at ${address}: \`ca-pins\` ${none} of its authority, or it is no Auth Service.`,
    fix: renew,
  };
}
