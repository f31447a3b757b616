import { Problem } from '../../problem.ts';
import type { JoinContext } from './failure.ts';

/**
 * How tbot tells that it took the address in `auth_server` for a proxy's: recorded from 15.0.0-dev;
 * later releases: lib/auth/join/join.go, lib/join/joinclient/join.go.
 */
const tookForProxy = /registered.*via proxy server|next_method[^\w]{1,2}proxy\b/i;

/** A join service that the cluster does not have yet looks like a lost way, and an older one is tried then. */
const tookItself = /registered.*with auth server/i;

/**
 * Where no Auth Service with those pins answers, tbot joins by the same address as by a proxy's, and
 * believes whatever certificate the system believes: the pins have proved nothing then. Throws a
 * Problem `proxy-untrusted`.
 */
export function checkPinned(
  log: readonly string[],
  { endpoint }: Pick<JoinContext, 'endpoint'>,
): void {
  const saysOne = (pattern: RegExp): boolean => log.some((line) => pattern.test(line));
  if (endpoint.kind === 'proxy' || !saysOne(tookForProxy) || saysOne(tookItself)) return;
  throw new Problem({
    code: 'proxy-untrusted',
    what: `What answers at ${endpoint.address} is not the Auth Service that \`ca-pins\` names: tbot joined by it as by a proxy, and the pins proved nothing.`,
    fix: 'Give as `auth-server` the address of the Auth Service itself (usually port 3025), or give this one as `proxy`, without `ca-pins`.',
  });
}
