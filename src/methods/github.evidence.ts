import type { Environment } from '../ci/port.ts';
import { claimNames, type GithubClaims } from './github-allow.ts';
import { hasIdTokenEndpoint } from './choose.ts';
import type { ProbeOptions } from './probe.ts';

/** What came of asking GitHub for an id token. */
export type IdTokenAnswer =
  | { readonly kind: 'claims'; readonly claims: GithubClaims }
  | { readonly kind: 'status'; readonly status: number }
  /** 200, and neither JSON nor a token in it. */
  | { readonly kind: 'not-github' }
  /** 200 and JSON, but no token that could be read. */
  | { readonly kind: 'no-token' }
  | { readonly kind: 'unreachable' }
  /** The job has no endpoint to ask. */
  | { readonly kind: 'no-endpoint' };

/** Milliseconds for the call; the run's own deadline is usually near. */
const retryPolicy = 5000;
/** Bytes; an id token is about 2000 long. */
const longest = 64 * 1024;

/**
 * Asks for an id token with an audience that nobody accepts, only to see what it says or why there
 * is none. The token is masked before it is read and dropped at once. Never throws.
 */
export async function requestIdToken(using: ProbeOptions): Promise<IdTokenAnswer> {
  if (!hasIdTokenEndpoint(using.env)) return { kind: 'no-endpoint' };
  try {
    const reply = await using.network.get(requestUrl(using.env), {
      signal: AbortSignal.any([using.signal, AbortSignal.timeout(retryPolicy)]),
      headers: {
        authorization: `Bearer ${using.env['ACTIONS_ID_TOKEN_REQUEST_TOKEN']}`,
        accept: 'application/json; api-version=2.0',
      },
    });
    const text = await reply.text(longest);
    maskTokens(text, using.mask);
    if (reply.status !== 200) return { kind: 'status', status: reply.status };
    return await read(text, using.mask);
  } catch {
    return { kind: 'unreachable' };
  }
}

function requestUrl(env: Environment): string {
  const url = new URL(String(env['ACTIONS_ID_TOKEN_REQUEST_URL']));
  url.searchParams.set('audience', `urn:machine-id-action:${crypto.randomUUID()}`);
  return url.href;
}

/** Masks whatever looks like a token, before any parser could quote it in an error. */
function maskTokens(text: string, mask: (secret: string) => void): void {
  for (const [token] of text.matchAll(/eyJ[\w-]*(?:\.[\w-]*)*/g)) maskToken(token, mask);
}

/** Masks a token and its parts; a part shorter than 8 characters could be any word. */
function maskToken(token: string, mask: (secret: string) => void): void {
  for (const secret of [token, ...token.split('.')]) if (secret.length >= 8) mask(secret);
}

async function read(text: string, mask: (secret: string) => void): Promise<IdTokenAnswer> {
  const body = parsed(text);
  if (typeof body !== 'object' || body === null) return { kind: 'not-github' };
  const token = 'value' in body ? body.value : undefined;
  if (typeof token !== 'string' || token === '') return { kind: 'no-token' };
  maskToken(token, mask);
  const claims = await decoded(token);
  return claims ? { kind: 'claims', claims } : { kind: 'no-token' };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

async function decoded(token: string): Promise<GithubClaims | undefined> {
  const { decodeJwt } = await import('jose');
  try {
    const payload = decodeJwt(token);
    return Object.fromEntries(
      claimNames.flatMap((name) => {
        const value = payload[name];
        return typeof value === 'string' && value !== '' ? [[name, value]] : [];
      }),
    );
  } catch {
    return undefined;
  }
}
