import { InputError } from '../text/input-error.ts';

const hostname =
  /^(?=.{1,253}$)[a-z0-9_]([a-z0-9_-]*[a-z0-9_])?(\.[a-z0-9_]([a-z0-9_-]*[a-z0-9_])?)*\.?$/i;
const ipv6 = /^[0-9a-f:.]+$/i;

/** The kind of server that an address belongs to. */
interface Server {
  readonly name: string;
  readonly defaultPort: number;
}

/**
 * Parses the address of a Teleport Proxy. Returns `host:port`, because tbot rejects an address without
 * a port. Accepts a leading `https://` and one trailing `/`; the port defaults to 443. An IPv6 address
 * must be in brackets. Throws an InputError.
 */
export function parseAddress(text: string): string {
  return parse(text, { name: 'Teleport Proxy', defaultPort: 443 });
}

/** Parses the address of an Auth Service in the same way; the port defaults to 3025. */
export function parseAuthServer(text: string): string {
  return parse(text, { name: 'Teleport Auth Service', defaultPort: 3025 });
}

function parse(text: string, server: Server): string {
  const [rest, scheme] = withoutScheme(text, server);
  const bare = rest.endsWith('/') ? rest.slice(0, -1) : rest;
  // Checked first, and the value is not shown, because a password can precede the `@`.
  if (bare.includes('@')) throw new InputError('it contains `@`. Specify only host and port');
  if (/\s/.test(bare)) throw new InputError('it contains whitespace. Specify one `host:port`');
  if (/[/?#]/.test(bare))
    throw new InputError(`\`${text}\` contains a path. Specify only host and port`);
  if (scheme && bare === '') throw new InputError(`\`${text}\` has no host name`);
  const { host, port } = split(bare, server);
  return `${host}:${port}`;
}

function withoutScheme(text: string, { name: kind }: Server): [string, string | undefined] {
  const scheme = /^([a-z][a-z0-9+.-]*):\/\//i.exec(text);
  if (!scheme) return [text, undefined];
  const name = scheme[1]?.toLowerCase();
  if (name === 'https') return [text.slice(scheme[0].length), name];
  if (name === 'http')
    throw new InputError(`\`http://\` is not supported, because a ${kind} requires TLS`);
  throw new InputError(`\`${name}://\` is not supported. Specify the ${kind} as \`host:port\``);
}

function split(text: string, server: Server): { readonly host: string; readonly port: number } {
  const bracketed = /^\[([^\]]*)\](?::(.*))?$/.exec(text);
  if (bracketed) {
    const host = `[${bracketed[1]}]`;
    if (!URL.canParse(`https://${host}`))
      throw new InputError(`\`${bracketed[1]}\` is not an IPv6 address`);
    return { host, port: portOf(bracketed[2], text, server) };
  }
  const parts = text.split(':');
  if (parts.length > 2)
    throw new InputError(
      ipv6.test(text)
        ? `an IPv6 address must be in brackets: \`[${text}]:${server.defaultPort}\``
        : `\`${text}\` is not an address. Specify \`host:port\``,
    );
  const host = text.replace(/:.*/s, '');
  if (!isHost(host)) throw new InputError(`\`${host}\` is not a host name`);
  return { host, port: portOf(parts[1], text, server) };
}

/** Rejects `127.1` and `0x7f.1`, which a URL resolves to IPv4 addresses but tbot to host names. */
function isHost(host: string): boolean {
  const url = `https://${host}`;
  return hostname.test(host) && URL.canParse(url) && new URL(url).hostname === host.toLowerCase();
}

function portOf(text: string | undefined, address: string, server: Server): number {
  if (text === undefined) return server.defaultPort;
  const port = Number(text);
  if (!/^\d{1,5}$/.test(text) || port < 1 || port > 65535)
    throw new InputError(`the port of \`${address}\` must be a number from 1 to 65535`);
  return port;
}
