import { NetworkError } from '../../http/http-error.ts';
import type { HttpClient, Reply, Timeouts } from '../../http/client.ts';
import { StatusError } from '../../http/retry.ts';
import { isLoopback } from '../../http/loopback.ts';
import { parseChallenge, tokenUrl } from './challenge.ts';
import type { ImageReference } from './reference.ts';
import { ok } from '../../http/reply.ts';
import { parseJson, property } from '../../text/json.ts';

/** Reads a repository by the OCI distribution specification, without an account. */
export interface Registry {
  /** The answer with status 200 to a path below `/v2/<repository>/`. */
  get(path: string, accept: string): Promise<Reply>;
}

export interface RegistryOptions {
  readonly network: Pick<HttpClient, 'get'>;
  readonly signal: AbortSignal;
  readonly timeouts?: Partial<Timeouts>;
}

/**
 * Opens a repository. Its methods throw a NetworkError, or a StatusError for any other status. An
 * anonymous token is asked for when the registry wants one, and is shown to nobody else. As container
 * tools do, a registry on loopback may be without TLS.
 */
export function openRegistry(reference: ImageReference, asking: RegistryOptions): Registry {
  const loopback = isLoopback(new URL(`https://${reference.registry}/`));
  let scheme = 'https';
  let token: string | undefined;
  const ask = (path: string, accept: string): Promise<Reply> =>
    asking.network.get(`${scheme}://${reference.registry}/v2/${reference.repository}/${path}`, {
      signal: asking.signal,
      redirects: 5,
      headers: { accept, ...(token !== undefined && { authorization: `Bearer ${token}` }) },
      ...(asking.timeouts && { timeouts: asking.timeouts }),
    });
  const askEitherWay = async (path: string, accept: string): Promise<Reply> => {
    try {
      return await ask(path, accept);
    } catch (error) {
      const noTls = error instanceof NetworkError && error.kind === 'protocol';
      if (!loopback || !noTls || scheme === 'http') throw error;
      scheme = 'http';
      return ask(path, accept);
    }
  };
  return {
    get: async (path, accept) => {
      const first = await askEitherWay(path, accept);
      if (first.status !== 401 || token !== undefined) return ok(first);
      token = await anonymousToken(first, loopback, asking);
      return ok(await askEitherWay(path, accept));
    },
  };
}

async function anonymousToken(
  refused: Reply,
  loopback: boolean,
  asking: RegistryOptions,
): Promise<string> {
  const challenge = parseChallenge(refused.headers['www-authenticate']);
  const url = challenge.kind === 'bearer' ? tokenUrl(challenge, loopback) : undefined;
  if (!url) return ok(refused).text(0);
  refused.discard();
  const { network, signal, timeouts } = asking;
  const reply = ok(
    await network.get(url.href, { signal, redirects: 2, ...(timeouts && { timeouts }) }),
  );
  const token = tokenIn(await reply.text(256 * 1024));
  if (token !== undefined) return token;
  throw new StatusError(`${url.host} gives no token to an anonymous user`, 401, undefined);
}

function tokenIn(text: string): string | undefined {
  const answer = parseJson(text);
  const token = property(answer, 'token') ?? property(answer, 'access_token');
  return typeof token === 'string' && /^[!-~]+$/.test(token) ? token : undefined;
}
