import { InputError } from '../text/input-error.ts';

const hostname =
  /^(?=.{1,253}$)[a-z0-9_]([a-z0-9_-]*[a-z0-9_])?(\.[a-z0-9_]([a-z0-9_-]*[a-z0-9_])?)*\.?$/i;
const ipv6 = /^[0-9a-f:.]+$/i;

/** Whose address it is, and the port where there is none. */
interface Owner {
  readonly name: string;
  readonly port: number;
}

/**
 * A Teleport Proxy address as `host:port`, the form tbot wants (one without a port fails in tbot).
 * `https://` in front and one `/` behind are tolerated, a missing port means 443, an IPv6 address
 * stands in brackets. Throws a Mistake.
 */
export function parseAddress(text: string): string {
  return parse(text, { name: 'Teleport Proxy', port: 443 });
}

/** The address of an Auth Service, read the same way; a missing port means 3025. */
export function parseAuthServer(text: string): string {
  return parse(text, { name: 'Teleport Auth Service', port: 3025 });
}

function parse(text: string, owner: Owner): string {
  const [rest, scheme] = withoutScheme(text, owner);
  const bare = rest.endsWith('/') ? rest.slice(0, -1) : rest;
  // First, and without the value: there may be a password before the `@`.
  if (bare.includes('@')) throw new InputError('an address holds no user name');
  if (/[/?#]/.test(bare)) throw new InputError(`\`${text}\` has a path; give host and port alone`);
  if (/\s/.test(bare)) throw new InputError(`\`${text}\` has a space in it`);
  if (scheme && bare === '') throw new InputError(`\`${text}\` names no host`);
  const { host, port } = split(bare, owner);
  return `${host}:${port}`;
}

function withoutScheme(text: string, { name: owner }: Owner): [string, string | undefined] {
  const scheme = /^([a-z][a-z0-9+.-]*):\/\//i.exec(text);
  if (!scheme) return [text, undefined];
  const name = scheme[1]?.toLowerCase();
  if (name === 'https') return [text.slice(scheme[0].length), name];
  if (name === 'http') throw new InputError(`\`http://\` is refused: a ${owner} speaks TLS`);
  throw new InputError(`\`${name}://\` is not the address of a ${owner}; give \`host:port\``);
}

function split(text: string, owner: Owner): { readonly host: string; readonly port: number } {
  const bracketed = /^\[([^\]]*)\](?::(.*))?$/.exec(text);
  if (bracketed) {
    const host = `[${bracketed[1]}]`;
    if (!URL.canParse(`https://${host}`))
      throw new InputError(`\`${bracketed[1]}\` is not an IPv6 address`);
    return { host, port: portOf(bracketed[2], text, owner) };
  }
  const parts = text.split(':');
  if (parts.length > 2)
    throw new InputError(
      ipv6.test(text)
        ? `an IPv6 address stands in brackets: \`[${text}]:${owner.port}\``
        : `\`${text}\` is not an address; give \`host:port\``,
    );
  const host = text.replace(/:.*/s, '');
  if (!isHost(host)) throw new InputError(`\`${host}\` is not a host name`);
  return { host, port: portOf(parts[1], text, owner) };
}

/** A URL takes `127.1` and `0x7f.1` for IPv4 addresses, and tbot takes them for names. */
function isHost(host: string): boolean {
  const url = `https://${host}`;
  return hostname.test(host) && URL.canParse(url) && new URL(url).hostname === host.toLowerCase();
}

function portOf(text: string | undefined, address: string, owner: Owner): number {
  if (text === undefined) return owner.port;
  const port = Number(text);
  if (!/^\d{1,5}$/.test(text) || port < 1 || port > 65535)
    throw new InputError(`\`${address}\` has no valid port (1 to 65535)`);
  return port;
}
