import { formatDuration } from '../text/time.ts';
import { type Identity, methodConfig } from '../methods/join-identity.ts';
import type { Endpoint } from '../cluster/endpoint.ts';
import type { Field, Values } from '../yaml/fields.ts';
import { descriptorOf, type Service } from '../services/index.ts';
import type { PlannedService } from '../services/requests.ts';

export interface ConfigRequest {
  readonly version: string;
  readonly endpoint: Endpoint;
  readonly token: string;
  readonly identity: Identity;
  /** Seconds. */
  readonly ttl: number;
  /** FIPS mode; requires a FIPS build. */
  readonly fips?: boolean | undefined;
  readonly services: readonly PlannedService[];
}

/** A tbot config, version v2, as plain data (lib/tbot/config/config.go). */
export type TbotConfig = Readonly<Record<string, unknown>>;

/** Returns a oneshot config for a version of tbot: one join, storage in memory. */
export function tbotConfig(request: ConfigRequest): TbotConfig {
  const spelling = spellingOf(request.version);
  return {
    version: 'v2',
    [addressKey(request.endpoint, spelling)]: request.endpoint.address,
    onboarding: onboardingOf(request),
    storage: { type: 'memory' },
    ...(request.fips ? { fips: true } : {}),
    oneshot: true,
    [spelling.ttl]: formatDuration(request.ttl),
    [spelling.services]: request.services.map(({ service, dir }) => ({
      type: service.type,
      // Directly after the type: tbot searches all text before it for the word `destination`.
      destination: { type: 'directory', path: dir },
      ...settingsOf(service, request.ttl),
    })),
  };
}

/** Returns the keys that describe the join. */
function onboardingOf({
  token,
  identity,
  endpoint,
}: ConfigRequest): Readonly<Record<string, unknown>> {
  const pins = endpoint.kind === 'auth-server' ? { ca_pins: endpoint.caPins } : {};
  return { join_method: identity.method, token, ...pins, ...methodConfig(identity) };
}

/** Returns the key of the address. Since 19, `auth_server` must not name a proxy. */
function addressKey({ kind }: Endpoint, { address }: Spelling): string {
  return kind === 'auth-server' ? 'auth_server' : address;
}

/**
 * Returns the settings of a service in the order of its fields, without those that have no effect.
 * `defaultTtl` is the lifetime of services that set none, in seconds.
 */
function settingsOf(service: Service, defaultTtl: number): Values {
  const { fields, lifetime } = descriptorOf(service.type);
  const values = new Map<string, unknown>(
    Object.entries({ ...service, ...lifetime.complete(service, defaultTtl) }),
  );
  const settings = Object.entries(fields).flatMap(([key, field]) => {
    const value = values.get(key);
    // Since 19, tbot rejects the key `roles`; before, an empty list has no effect.
    if (value === undefined || (key === 'roles' && Array.isArray(value) && value.length === 0))
      return [];
    return [[key, written(value, field)]];
  });
  return Object.fromEntries(settings);
}

function written(value: unknown, { kind }: Field): unknown {
  return kind === 'duration' ? formatDuration(Number(value)) : value;
}

/**
 * Returns the config as YAML that parsers of YAML 1.1, 1.2 and Go's mixture read alike: every
 * string is quoted, because parsers disagree about which unquoted ones are numbers, dates or
 * booleans.
 */
export async function renderConfig(config: TbotConfig): Promise<string> {
  const { stringify } = await import('yaml');
  return stringify(config, {
    defaultStringType: 'QUOTE_DOUBLE',
    defaultKeyType: 'PLAIN',
    lineWidth: 0,
    aliasDuplicateObjects: false,
  });
}

/**
 * The keys of tbot's config that vary by version. The threshold of each key is the first major
 * version of which all releases support it (Teleport's changelogs: `proxy_server` came with 15.1.3,
 * output types in `services` with 16.1.0, `credential_ttl` with 17.2.8).
 */
interface Spelling {
  /** Key of a proxy's address; before 16, the key `auth_server` accepts it as well. */
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
