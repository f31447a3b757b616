/**
 * The keys of tbot's config that vary by version. The threshold of each key is the first major version
 * of which all releases support it (Teleport's changelogs: `proxy_server` came with 15.1.3, output types in
 * `services` with 16.1.0, `credential_ttl` with 17.2.8).
 */
export interface Spelling {
  /** Key of a proxy's address. Before 16, that of the Auth Service accepts it as well. */
  readonly address: 'proxy_server' | 'auth_server';
  readonly services: 'services' | 'outputs';
  readonly ttl: 'credential_ttl' | 'certificate_ttl';
}

/** Returns the keys for a version of tbot such as `18.2.4` or `15.0.0-dev`. */
export function spellingOf(version: string): Spelling {
  const major = Number.parseInt(version, 10);
  return {
    address: major >= 16 ? 'proxy_server' : 'auth_server',
    services: major >= 17 ? 'services' : 'outputs',
    ttl: major >= 18 ? 'credential_ttl' : 'certificate_ttl',
  };
}
