import { isRecord } from '../text/json.ts';
import type { ClaimNames, Claims } from './claims.ts';
import type { IdTokenAnswer } from './evidence.ts';

type Mask = (secret: string) => void;

/** Masks a token and its parts; a part shorter than 8 characters could be any word. */
export function maskToken(token: string, mask: Mask): void {
  for (const secret of [token, ...token.split('.')]) if (secret.length >= 8) mask(secret);
}

/** Returns the claims of a token, which is masked before it is decoded, and not kept. Never throws. */
export async function claimsIn(
  token: string,
  names: ClaimNames,
  mask: Mask,
): Promise<IdTokenAnswer> {
  maskToken(token, mask);
  const claims = await decoded(token, names);
  return claims ? { kind: 'claims', claims } : { kind: 'no-token' };
}

async function decoded(token: string, names: ClaimNames): Promise<Claims | undefined> {
  const { decodeJwt } = await import('jose');
  try {
    const payload = decodeJwt(token);
    if (names === 'all') return Object.fromEntries(flat(payload).slice(0, most));
    return Object.fromEntries(names.flatMap((name) => textClaim(name, payload[name])));
  } catch {
    return undefined;
  }
}

/** Claims in a message. */
const most = 40;

/** Values that differ in every token or that are personal. */
const hidden = /^(?:exp|iat|nbf|jti|nonce|auth_time|[ac]_hash|sid)$|e-?mail/i;

/** Returns the claims with their nested ones, as rules name them (lib/join/genericoidc). */
function flat(claims: object, prefix = ''): readonly (readonly [string, string])[] {
  return Object.entries(claims).flatMap(([key, value]: [string, unknown]) => {
    const name = `${prefix}${key}`;
    if (hidden.test(name)) return [];
    if (isRecord(value) && !Array.isArray(value)) return flat(value, `${name}.`);
    if (typeof value === 'number' || typeof value === 'boolean') return [[name, `${value}`]];
    return textClaim(name, value);
  });
}

/** Returns a text, or a list of texts; nothing for an empty one. */
function textClaim(name: string, value: unknown): readonly (readonly [string, string])[] {
  const items: readonly unknown[] = Array.isArray(value) ? value : [value];
  const texts = items.filter((item) => typeof item === 'string' && item !== '');
  return texts.length === 0 ? [] : [[name, texts.join(',')]];
}
