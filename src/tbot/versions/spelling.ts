/**
 * How each tbot wants its config spelt. One threshold a spelling: the first major version that has
 * it in all of its releases (Teleport's changelogs: `proxy_server` came with 15.1.3, output types in
 * `services` with 16.1.0, `credential_ttl` with 17.2.8).
 */
export interface Spelling {
  /** Of a proxy. Before 16 the key for the Auth Service took its address as well. */
  readonly address: 'proxy_server' | 'auth_server';
  readonly services: 'services' | 'outputs';
  readonly ttl: 'credential_ttl' | 'certificate_ttl';
}

/** The spelling for a tbot of a version like `18.2.4` or `15.0.0-dev`. */
export function spellingOf(version: string): Spelling {
  const major = Number.parseInt(version, 10);
  return {
    address: major >= 16 ? 'proxy_server' : 'auth_server',
    services: major >= 17 ? 'services' : 'outputs',
    ttl: major >= 18 ? 'credential_ttl' : 'certificate_ttl',
  };
}
