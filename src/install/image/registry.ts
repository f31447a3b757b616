import { NetworkError } from '../../http/http-error.ts';
import type { HttpClient, Reply, Timeouts } from '../../http/client.ts';
import { ok, StatusError } from '../../http/retry.ts';
import { isLoopback } from '../../http/hosts.ts';
import type { ImageReference } from '../release.ts';
import { parseJson, property } from '../../text/json.ts';

/** Reads a repository anonymously (OCI distribution specification). */
export interface Registry {
  /**
   * Gets a path below `/v2/<repository>/`. Throws a NetworkError, or a StatusError for a status other
   * than 200.
   */
  get(path: string, accept: string): Promise<Reply>;
}

export interface RegistryOptions {
  readonly network: Pick<HttpClient, 'get'>;
  readonly signal: AbortSignal;
  readonly timeouts?: Partial<Timeouts>;
}

/**
 * Opens a repository. Requests an anonymous token if the registry requires one, and sends it to no
 * other host. A registry on loopback may use plain HTTP, as container tools permit.
 */
export function openRegistry(reference: ImageReference, options: RegistryOptions): Registry {
  const loopback = isLoopback(new URL(`https://${reference.registry}/`));
  let scheme = 'https';
  let token: string | undefined;
  const request = (path: string, accept: string): Promise<Reply> =>
    options.network.get(`${scheme}://${reference.registry}/v2/${reference.repository}/${path}`, {
      signal: options.signal,
      redirects: 5,
      headers: { accept, ...(token !== undefined && { authorization: `Bearer ${token}` }) },
      ...(options.timeouts && { timeouts: options.timeouts }),
    });
  const requestWithFallback = async (path: string, accept: string): Promise<Reply> => {
    try {
      return await request(path, accept);
    } catch (error) {
      const noTls = error instanceof NetworkError && error.kind === 'protocol';
      if (!loopback || !noTls || scheme === 'http') throw error;
      scheme = 'http';
      return request(path, accept);
    }
  };
  return {
    get: async (path, accept) => {
      const first = await requestWithFallback(path, accept);
      if (first.status !== 401 || token !== undefined) return ok(first);
      token = await anonymousToken(first, loopback, options);
      return ok(await requestWithFallback(path, accept));
    },
  };
}

async function anonymousToken(
  unauthorized: Reply,
  loopback: boolean,
  { network, signal, timeouts }: RegistryOptions,
): Promise<string> {
  const challenge = parseChallenge(unauthorized.headers['www-authenticate']);
  const url = challenge && tokenUrl(challenge, loopback);
  if (!url) return ok(unauthorized).text(0);
  unauthorized.discard();
  const reply = ok(
    await network.get(url.href, { signal, redirects: 2, ...(timeouts && { timeouts }) }),
  );
  const token = tokenIn(await reply.text(256 * 1024));
  if (token !== undefined) return token;
  throw new StatusError(`${url.host} did not issue an anonymous token`, 401, undefined);
}

function tokenIn(text: string): string | undefined {
  const response = parseJson(text);
  const token = property(response, 'token') ?? property(response, 'access_token');
  return typeof token === 'string' && /^[!-~]+$/.test(token) ? token : undefined;
}

/** A `WWW-Authenticate` challenge for a token (RFC 9110, section 11.6.1; distribution token flow). */
export interface BearerChallenge {
  readonly realm: string;
  readonly service: string | undefined;
  readonly scope: string | undefined;
}

/** Parses `Bearer realm="https://...",service="...",scope="..."`; undefined for any other scheme. */
export function parseChallenge(header: string | undefined): BearerChallenge | undefined {
  const parameters = /^\s*Bearer\s+(.*)$/i.exec(header ?? '')?.[1];
  if (parameters === undefined || parameters.length > 4096) return undefined;
  const values = new Map<string, string>();
  for (const [, name = '', quoted, bare] of parameters.matchAll(
    /([a-z]+)=(?:"([^"]*)"|([^\s,"]+))/gi,
  ))
    values.set(name.toLowerCase(), quoted ?? bare ?? '');
  const realm = values.get('realm');
  return realm === undefined
    ? undefined
    : { realm, service: values.get('service'), scope: values.get('scope') };
}

/** Returns the URL to request a token from; undefined if the realm is not an https address. */
export function tokenUrl(
  { realm, service, scope }: BearerChallenge,
  loopbackAllowed: boolean,
): URL | undefined {
  if (!URL.canParse(realm)) return undefined;
  const url = new URL(realm);
  const plain = url.protocol === 'http:' && loopbackAllowed;
  if ((url.protocol !== 'https:' && !plain) || url.username !== '') return undefined;
  if (service !== undefined) url.searchParams.set('service', service);
  if (scope !== undefined) url.searchParams.set('scope', scope);
  return url;
}
