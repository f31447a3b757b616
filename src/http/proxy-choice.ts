import { BlockList, isIP } from 'node:net';

import type { Environment } from '../ci/port.ts';
import { bareHost, isLoopback, metadataHosts } from './hosts.ts';

/** An HTTP proxy between the runner and a host. */
export interface HttpProxy {
  readonly secure: boolean;
  readonly host: string;
  readonly port: number;
  /** Value of Proxy-Authorization; a secret. */
  readonly authorization: string | undefined;
}

/** The host that a request goes to, and the HTTP proxy on the path to it. */
export interface Destination {
  readonly host: string;
  readonly port: number;
  readonly proxy: HttpProxy | undefined;
}

/** Returns `host:port`, with brackets around an IPv6 address. */
export function peerName({ host, port }: { readonly host: string; readonly port: number }): string {
  return isIP(host) === 6 ? `[${host}]:${port}` : `${host}:${port}`;
}

const neverProxied: ReadonlySet<string> = new Set(metadataHosts);

/**
 * Returns the HTTP proxy for a URL by the rules of Go (golang.org/x/net/http/httpproxy), so that this
 * action and tbot use the same proxy: HTTPS_PROXY or HTTP_PROXY by the scheme of the URL, NO_PROXY,
 * each also in lower case. Loopback and metadata addresses are always reached directly. Throws a
 * TypeError if the proxy is not an http or https URL.
 */
export function httpProxyFor(url: URL, env: Environment): HttpProxy | undefined {
  const name = url.protocol === 'https:' ? 'HTTPS_PROXY' : 'HTTP_PROXY';
  const value = settingOf(env, name);
  if (value === '') return undefined;
  const host = bareHost(url);
  if (isLoopback(url) || neverProxied.has(host)) return undefined;
  if (isExempt(host, portOf(url), settingOf(env, 'NO_PROXY'))) return undefined;
  return parseProxy(value, name);
}

/** Returns the port of a URL, or the default port of its scheme. */
export function portOf(url: URL): number {
  return Number(url.port) || (url.protocol === 'https:' ? 443 : 80);
}

function settingOf(env: Environment, name: string): string {
  return (env[name] || env[name.toLowerCase()] || '').trim();
}

function parseProxy(value: string, name: string): HttpProxy {
  const url = /^[a-z][a-z0-9+.-]*:\/\//i.test(value) ? value : `http://${value}`;
  if (!URL.canParse(url)) throw new TypeError(`${name} is not a valid URL`);
  const proxy = new URL(url);
  if (proxy.protocol !== 'http:' && proxy.protocol !== 'https:')
    throw new TypeError(`${name} is not the URL of an HTTP proxy (${proxy.protocol}//)`);
  // These characters in a password end the host part of the URL, so the `@` follows it.
  if (`${proxy.pathname}${proxy.search}${proxy.hash}`.includes('@'))
    throw new TypeError(
      `the user name or password in ${name} contains \`/\`, \`?\` or \`#\`, which must be written as \`%2F\`, \`%3F\` or \`%23\``,
    );
  const [user = '', password = ''] = [proxy.username, proxy.password].map((part) =>
    decoded(part, name),
  );
  return {
    secure: proxy.protocol === 'https:',
    host: bareHost(proxy),
    port: portOf(proxy),
    authorization:
      user === '' ? undefined : `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`,
  };
}

function decoded(part: string, name: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    throw new TypeError(
      `the user name or password in ${name} contains a \`%\` without two hexadecimal digits after it; a literal \`%\` must be written as \`%25\``,
    );
  }
}

function isExempt(host: string, port: number, list: string): boolean {
  return list
    .split(/[,\s]+/)
    .filter((entry) => entry !== '')
    .some((entry) => matches(entry.toLowerCase(), host, port));
}

function matches(entry: string, host: string, port: number): boolean {
  if (entry === '*') return true;
  const subnet = /^\[?([0-9a-f:.]+)\]?\/(\d+)$/.exec(entry);
  if (subnet) return isWithin(host, subnet[1] ?? '', Number(subnet[2]));
  const [name, entryPort] = splitEntry(entry);
  if (entryPort !== undefined && entryPort !== port) return false;
  if (isIP(name) !== 0 || isIP(host) !== 0) return name === host;
  const domain = name.replace(/^\*?\./, '');
  return host.endsWith(`.${domain}`) || (domain === name && host === domain);
}

function splitEntry(entry: string): [name: string, port: number | undefined] {
  const parts = /^(?:\[(.+)\]|([^:]*))(?::(\d+))?$/.exec(entry);
  if (!parts) return [entry, undefined];
  return [parts[1] ?? parts[2] ?? '', parts[3] === undefined ? undefined : Number(parts[3])];
}

function isWithin(host: string, network: string, prefix: number): boolean {
  const family = isIP(network);
  if (family === 0 || isIP(host) !== family || prefix > (family === 4 ? 32 : 128)) return false;
  const type = family === 4 ? 'ipv4' : 'ipv6';
  const block = new BlockList();
  block.addSubnet(network, prefix, type);
  return block.check(host, type);
}
