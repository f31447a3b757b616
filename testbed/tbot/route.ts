import { BlockList, isIP } from 'node:net';

/**
 * Returns the HTTP proxy of a Go program for a URL, by HTTPS_PROXY, HTTP_PROXY and NO_PROXY. Never one
 * for loopback and localhost. Source: golang.org/x/net/http/httpproxy.
 */
export function proxyFor(target: URL, env: NodeJS.ProcessEnv): URL | undefined {
  const name = target.protocol === 'https:' ? 'HTTPS_PROXY' : 'HTTP_PROXY';
  const proxy = env[name] || env[name.toLowerCase()];
  if (!proxy || isLoopback(host(target))) return undefined;
  const exceptions = (env['NO_PROXY'] ?? env['no_proxy'] ?? '').split(',');
  if (exceptions.some((exception) => covers(exception.trim(), target))) return undefined;
  return new URL(proxy.includes('://') ? proxy : `http://${proxy}`);
}

function host(url: URL): string {
  return url.hostname.replace(/^\[|\]$/g, '');
}

/** Returns whether a host is this machine. */
export function isLoopback(name: string): boolean {
  return name === 'localhost' || name === '::1' || (isIP(name) === 4 && name.startsWith('127.'));
}

function covers(exception: string, target: URL): boolean {
  if (exception === '') return false;
  if (exception === '*') return true;
  const name = host(target);
  if (exception.includes('/')) return isIP(name) === 4 && inNetwork(exception, name);
  const [, domain = exception, port] = /^(.*):(\d+)$/.exec(exception) ?? [];
  if (port !== undefined && port !== portOf(target)) return false;
  const bare = domain.replace(/^\*?\./, '');
  return name === bare || name.endsWith(`.${bare}`);
}

function portOf(url: URL): string {
  return url.port || (url.protocol === 'https:' ? '443' : '80');
}

function inNetwork(network: string, address: string): boolean {
  const [base = '', bits = ''] = network.split('/');
  if (isIP(base) !== 4) return false;
  const list = new BlockList();
  list.addSubnet(base, Number(bits), 'ipv4');
  return list.check(address, 'ipv4');
}
