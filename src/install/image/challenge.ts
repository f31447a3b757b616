/** What a registry wants to see (RFC 9110, section 11.6.1; the distribution project's token flow). */
export type Challenge =
  | {
      readonly kind: 'bearer';
      readonly realm: string;
      readonly service: string | undefined;
      readonly scope: string | undefined;
    }
  | { readonly kind: 'other' };

/** Reads `Bearer realm="https://...",service="...",scope="..."`. */
export function parseChallenge(header: string | undefined): Challenge {
  const parameters = /^\s*Bearer\s+(.*)$/i.exec(header ?? '')?.[1];
  if (parameters === undefined || parameters.length > 4096) return { kind: 'other' };
  const values = new Map<string, string>();
  for (const [, name = '', quoted, bare] of parameters.matchAll(
    /([a-z]+)=(?:"([^"]*)"|([^\s,"]+))/gi,
  ))
    values.set(name.toLowerCase(), quoted ?? bare ?? '');
  const realm = values.get('realm');
  return realm === undefined
    ? { kind: 'other' }
    : { kind: 'bearer', realm, service: values.get('service'), scope: values.get('scope') };
}

/** Where a token is asked for; undefined when the realm is no https address. */
export function tokenUrl(
  challenge: Challenge & { readonly kind: 'bearer' },
  loopbackAllowed: boolean,
): URL | undefined {
  const { realm, service, scope } = challenge;
  if (!URL.canParse(realm)) return undefined;
  const url = new URL(realm);
  const plain = url.protocol === 'http:' && loopbackAllowed;
  if ((url.protocol !== 'https:' && !plain) || url.username !== '') return undefined;
  if (service !== undefined) url.searchParams.set('service', service);
  if (scope !== undefined) url.searchParams.set('scope', scope);
  return url;
}
