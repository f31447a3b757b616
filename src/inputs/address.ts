import { Mistake } from './mistake.ts';

const hostname =
  /^(?=.{1,253}$)[a-z0-9_]([a-z0-9_-]*[a-z0-9_])?(\.[a-z0-9_]([a-z0-9_-]*[a-z0-9_])?)*\.?$/i;
const ipv6 = /^[0-9a-f:.]+$/i;

/**
 * A Teleport Proxy address as `host:port`, the form tbot wants (one without a port fails in tbot).
 * `https://` in front and one `/` behind are tolerated, a missing port means 443, an IPv6 address
 * stands in brackets. Throws a Mistake.
 */
export function parseAddress(text: string): string {
  const [rest, scheme] = withoutScheme(text);
  const bare = rest.endsWith('/') ? rest.slice(0, -1) : rest;
  // First, and without the value: there may be a password before the `@`.
  if (bare.includes('@')) throw new Mistake('an address holds no user name');
  if (/[/?#]/.test(bare)) throw new Mistake(`\`${text}\` has a path; give host and port alone`);
  if (/\s/.test(bare)) throw new Mistake(`\`${text}\` has a space in it`);
  if (scheme && bare === '') throw new Mistake(`\`${text}\` names no host`);
  const { host, port } = split(bare);
  return `${host}:${port}`;
}

function withoutScheme(text: string): [string, string | undefined] {
  const scheme = /^([a-z][a-z0-9+.-]*):\/\//i.exec(text);
  if (!scheme) return [text, undefined];
  const name = scheme[1]?.toLowerCase();
  if (name === 'https') return [text.slice(scheme[0].length), name];
  if (name === 'http') throw new Mistake('`http://` is refused: a Teleport Proxy speaks TLS');
  throw new Mistake(`\`${name}://\` is not a proxy address; give \`host:port\``);
}

function split(text: string): { readonly host: string; readonly port: number } {
  const bracketed = /^\[([^\]]*)\](?::(.*))?$/.exec(text);
  if (bracketed) {
    const host = `[${bracketed[1]}]`;
    if (!URL.canParse(`https://${host}`))
      throw new Mistake(`\`${bracketed[1]}\` is not an IPv6 address`);
    return { host, port: portOf(bracketed[2], text) };
  }
  const parts = text.split(':');
  if (parts.length > 2)
    throw new Mistake(
      ipv6.test(text)
        ? `an IPv6 address stands in brackets: \`[${text}]:443\``
        : `\`${text}\` is not an address; give \`host:port\``,
    );
  const host = text.replace(/:.*/s, '');
  if (!isHost(host)) throw new Mistake(`\`${host}\` is not a host name`);
  return { host, port: portOf(parts[1], text) };
}

/** A URL takes `127.1` and `0x7f.1` for IPv4 addresses, and tbot takes them for names. */
function isHost(host: string): boolean {
  const url = `https://${host}`;
  return hostname.test(host) && URL.canParse(url) && new URL(url).hostname === host.toLowerCase();
}

function portOf(text: string | undefined, address: string): number {
  if (text === undefined) return 443;
  const port = Number(text);
  if (!/^\d{1,5}$/.test(text) || port < 1 || port > 65535)
    throw new Mistake(`\`${address}\` has no valid port (1 to 65535)`);
  return port;
}
