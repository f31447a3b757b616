import type { Environment } from '../ci/port.ts';
import { parseJson, property } from '../text/json.ts';
import type { IdTokenAnswer, ProbeOptions } from './evidence.ts';
import { claimsIn, maskToken } from './claims.evidence.ts';
import { claimNames } from './github-allow.ts';
import { hasIdTokenEndpoint } from './github.ts';

/** Milliseconds; the deadline of the step is usually near. */
const timeout = 5000;
/** Bytes; an OIDC token has about 2000. */
const longest = 64 * 1024;

/**
 * Requests an OIDC token with an audience that no service accepts, only for its claims or the reason
 * why there is none. The token is masked before it is decoded, and not kept. Never throws.
 */
export async function requestIdToken(using: ProbeOptions): Promise<IdTokenAnswer> {
  if (!hasIdTokenEndpoint(using.env)) return { kind: 'no-endpoint' };
  try {
    const reply = await using.network.get(requestUrl(using.env), {
      signal: AbortSignal.any([using.signal, AbortSignal.timeout(timeout)]),
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

/** Masks everything that looks like a token, before a parser can quote it in an error. */
function maskTokens(text: string, mask: (secret: string) => void): void {
  for (const [token] of text.matchAll(/eyJ[\w-]*(?:\.[\w-]*)*/g)) maskToken(token, mask);
}

async function read(text: string, mask: (secret: string) => void): Promise<IdTokenAnswer> {
  const body = parseJson(text);
  if (typeof body !== 'object' || body === null) return { kind: 'not-github' };
  const token = property(body, 'value');
  if (typeof token !== 'string' || token === '') return { kind: 'no-token' };
  return claimsIn(token, claimNames, mask);
}
