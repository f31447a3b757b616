import type { Endpoint } from '../../../cluster/endpoint.ts';
import { type CauseOf, sentence, type Text } from '../message.ts';

type AuthServer = Extract<Endpoint, { kind: 'auth-server' }>;

/** tbot came to no end with the Auth Service, or with the proxy that the Auth Service names. */
export function authServerUnreachable({ address }: AuthServer, message: string): Text {
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

/** What answers is not known by the pins. */
export function authServerUntrusted(
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
