import { formatDuration } from '../text/duration.ts';
import { type Identity, methodConfig } from '../methods/join-identity.ts';
import type { Endpoint } from '../cluster/endpoint.ts';
import type { Field } from '../yaml/fields.ts';
import type { PlannedService, Service } from '../services/service.ts';
import { serviceTypes } from '../services/types.ts';
import { type Spelling, spellingOf } from './versions/spelling.ts';

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
      ...settingsOf(service),
      ...lifetimeOf(service, request.ttl),
      ...sessionOf(service),
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

/** Returns the keys of a service in the order of the schema, without those that have no effect. */
function settingsOf(service: Service): Readonly<Record<string, unknown>> {
  const values = new Map<string, unknown>(Object.entries(service));
  const settings = Object.entries<Field>(serviceTypes[service.type]).flatMap(([key, field]) => {
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

/** Seconds; the default renewal interval is a third of the lifetime, but not longer than tbot's. */
const longestInterval = 20 * 60;

/** Returns both keys or neither, as tbot requires (lib/tbot/bot/credential_lifetime.go). */
function lifetimeOf(service: Service, usual: number): Readonly<Record<string, string>> {
  if (!('credential_ttl' in service || 'renewal_interval' in service)) return {};
  const { credential_ttl: ttl = usual, renewal_interval: interval } = service;
  return {
    credential_ttl: formatDuration(ttl),
    renewal_interval: formatDuration(
      interval ?? Math.max(0.001, Math.min(longestInterval, ttl / 3)),
    ),
  };
}

/** Seconds; tbot's default, which it rejects for shorter sessions. */
const usualRenewal = 60 * 60;

function sessionOf(service: Service): Readonly<Record<string, string>> {
  const { session_duration: duration, session_renewal_interval: renewal } =
    'session_duration' in service ? service : {};
  return duration === undefined || renewal !== undefined || duration > usualRenewal
    ? {}
    : { session_renewal_interval: formatDuration(duration / 2) };
}

/**
 * Returns the config as YAML that parsers of YAML 1.1, 1.2 and Go's mixture read alike: every string is
 * quoted, because parsers disagree about which unquoted ones are numbers, dates or booleans.
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
