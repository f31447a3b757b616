import { parseJson, property } from '../text/json.ts';
import { accessToken, requestUri } from './azure-devops.ts';
import { azureDevopsTable } from './azure-devops-allow.ts';
import { claimsIn } from './claims.evidence.ts';
import type { IdTokenAnswer, ProbeOptions } from './evidence.ts';

/** Milliseconds; the deadline of the step is usually near. */
const timeout = 5000;
/** Bytes; an OIDC token has about 2000. */
const longest = 64 * 1024;

/**
 * Requests an OIDC token for its claims. It is masked before it is decoded, and not kept. Never throws.
 */
export async function requestPipelineToken({
  env,
  network,
  mask,
  signal,
}: ProbeOptions): Promise<IdTokenAnswer> {
  try {
    const url = new URL(env[requestUri] ?? '');
    url.searchParams.set('api-version', '7.1');
    const reply = await network.get(url.href, {
      method: 'POST',
      signal: AbortSignal.any([signal, AbortSignal.timeout(timeout)]),
      headers: { authorization: `Bearer ${env[accessToken]}`, 'content-type': 'application/json' },
    });
    const text = await reply.text(longest);
    if (reply.status !== 200) return { kind: 'status', status: reply.status };
    const token = property(parseJson(text), 'oidcToken');
    if (typeof token !== 'string') return { kind: 'no-token' };
    return await claimsIn(token, azureDevopsTable.names, mask);
  } catch {
    return { kind: 'unreachable' };
  }
}
