import type { IdTokenAnswer } from './evidence.ts';
import type { Claims } from './claims.ts';

type Mask = (secret: string) => void;

/** Masks a token and its parts; a part shorter than 8 characters could be any word. */
export function maskToken(token: string, mask: Mask): void {
  for (const secret of [token, ...token.split('.')]) if (secret.length >= 8) mask(secret);
}

/** Returns the claims of a token, which is masked before it is decoded, and not kept. Never throws. */
export async function claimsIn(
  token: string,
  names: readonly string[],
  mask: Mask,
): Promise<IdTokenAnswer> {
  maskToken(token, mask);
  const claims = await decoded(token, names);
  return claims ? { kind: 'claims', claims } : { kind: 'no-token' };
}

async function decoded(token: string, names: readonly string[]): Promise<Claims | undefined> {
  const { decodeJwt } = await import('jose');
  try {
    const payload = decodeJwt(token);
    return Object.fromEntries(
      names.flatMap((name) => {
        const value = payload[name];
        return typeof value === 'string' && value !== '' ? [[name, value]] : [];
      }),
    );
  } catch {
    return undefined;
  }
}
