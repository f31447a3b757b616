import { NetworkError } from './http-error.ts';
import { isLoopback } from './loopback.ts';

/**
 * Where an answer sends us, or undefined when it is the answer itself. A redirect that is not
 * followed (too many, to another scheme) ends the connection and is a NetworkError `redirect`.
 */
export function redirectOf(
  from: URL,
  reply: {
    readonly status: number;
    readonly headers: { readonly location?: string | undefined };
    discard(): void;
  },
  left: number,
): URL | undefined {
  const { location } = reply.headers;
  if (![301, 302, 303, 307, 308].includes(reply.status) || location === undefined) return undefined;
  reply.discard();
  const fail = (what: string): never => {
    throw new NetworkError({ kind: 'redirect', what: `${from.host} ${what}` });
  };
  if (!URL.canParse(location, from.href)) return fail('redirects to what is no address');
  const next = new URL(location, from);
  const safe =
    next.protocol === 'https:' || (next.protocol === 'http:' && bothLoopback(from, next));
  if (!safe) return fail(`redirects to an address without TLS (${next.protocol}//${next.host})`);
  return left > 0 ? next : fail('redirects over and over');
}

function bothLoopback(from: URL, next: URL): boolean {
  return isLoopback(from) && isLoopback(next);
}
