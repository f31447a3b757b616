import type { Invocation } from './cli.ts';
import { Failure } from './failure.ts';
import type { Log } from './log.ts';
import { textAt, type Values } from './values.ts';
import type { PlayedVersion } from './versions.ts';

const from = { component: 'TBOT', caller: 'config/config.go:567' };

/** The address of the cluster in the configuration. */
export interface Address {
  readonly kind: 'proxy' | 'auth';
  /** `host:port`, or the unchanged value. */
  readonly address: string;
}

/** Handles the address of a proxy in `auth_server`. */
export function checkAuthServer(version: PlayedVersion, log: Log): void {
  switch (version.proxyInAuthServer) {
    case 'fine':
      return;
    case 'warning':
      log.warn(from, proxyInAuthServer);
      return;
    case 'refused':
      throw new Failure(proxyInAuthServer);
    default:
      return version.proxyInAuthServer satisfies never;
  }
}

interface Addresses {
  readonly auth: string;
  readonly proxy: string;
}

/** Returns the address of the cluster from the file, the flags and the environment, without a scheme. */
export function readAddress(
  root: Values,
  invocation: Invocation,
  version: PlayedVersion,
  log: Log,
): Address {
  const knowsProxy = version.rootKeys.includes('proxy_server');
  const { auth, proxy } = knowsProxy
    ? withProxy(root, invocation, log)
    : authOnly(root, invocation, log);
  if (auth === '' && proxy === '') throw new Failure(knowsProxy ? noAddress : noAuthServer);
  if (auth !== '' && proxy !== '' && version.refusesBothAddresses) throw new Failure(noAddress);
  const address = (proxy || auth).replace(/^[a-z]+:\/\//, '');
  return { kind: proxy === '' ? 'auth' : 'proxy', address };
}

// The wording is not Teleport's. Source of the check: `lib/tbot/config/config.go`.
const proxyInAuthServer = 'A proxy address in auth_server is no longer supported, use proxy_server';
// Source: lib/tbot/tbot.go.
const noAddress =
  'either a proxy or auth address must be set using --proxy-server, --auth-server or configuration';
const noAuthServer = 'an auth or proxy server must be set via --auth-server or configuration';

function authOnly(root: Values, { authServer, configPath = '' }: Invocation, log: Log): Addresses {
  const auth = textAt(root, 'auth_server');
  if (authServer !== undefined && auth !== '') {
    log.warn(from, `CLI parameters are overriding auth server configured in ${configPath}`);
  }
  return { auth: authServer ?? auth, proxy: '' };
}

function withProxy(root: Values, { authServer, proxyServer }: Invocation, log: Log): Addresses {
  const auth = textAt(root, 'auth_server');
  const proxy = textAt(root, 'proxy_server');
  const overriding = (flag: string, file: string, given: string | undefined) => {
    if (given === undefined || file === '') return;
    const values = { flag, config_value: file, cli_value: given };
    log.warn(from, 'CLI parameters are overriding configuration', values);
  };
  overriding('auth-server', auth, authServer);
  overriding('proxy-server', proxy, proxyServer);
  return { auth: authServer ?? auth, proxy: proxyServer ?? proxy };
}
