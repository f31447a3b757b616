import { formatDuration } from '../text/duration.ts';
import { type Identity, methodConfig } from '../methods/identity.ts';
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
  /** A FIPS build, to be run as one. */
  readonly fips?: boolean | undefined;
  readonly services: readonly PlannedService[];
}

/** A config of tbot, version v2, as plain data (lib/tbot/config/config.go). */
export type TbotConfig = Readonly<Record<string, unknown>>;

/**
 * The oneshot config for a tbot of the given version: one join, memory storage, nothing kept.
 */
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
      // Right after the type: tbot looks for the word `destination` in all texts before it.
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

/** Every tbot knows `auth_server`; from 19 on it must be one truly. */
function addressKey({ kind }: Endpoint, { address }: Spelling): string {
  return kind === 'auth-server' ? 'auth_server' : address;
}

/** The keys of a service in the order of the schema, without what says nothing. */
function settingsOf(service: Service): Readonly<Record<string, unknown>> {
  const values = new Map<string, unknown>(Object.entries(service));
  const settings = Object.entries<Field>(serviceTypes[service.type]).flatMap(([key, field]) => {
    const value = values.get(key);
    // From 19 on tbot refuses the key `roles`, and takes an empty list before as none.
    if (value === undefined || (key === 'roles' && Array.isArray(value) && value.length === 0))
      return [];
    return [[key, written(value, field)]];
  });
  return Object.fromEntries(settings);
}

function written(value: unknown, { kind }: Field): unknown {
  return kind === 'duration' ? formatDuration(Number(value)) : value;
}

/** A third of the lifetime, and no longer than tbot's own interval. */
const longestInterval = 20 * 60;

/** tbot wants both or none (lib/tbot/bot/credential_lifetime.go). */
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

/** Unless it is given, tbot's own is an hour, and it refuses one that the session does not outlive. */
const usualRenewal = 60 * 60;

function sessionOf(service: Service): Readonly<Record<string, string>> {
  const { session_duration: duration, session_renewal_interval: renewal } =
    'session_duration' in service ? service : {};
  return duration === undefined || renewal !== undefined || duration > usualRenewal
    ? {}
    : { session_renewal_interval: formatDuration(duration / 2) };
}

/**
 * The config as YAML that readers of 1.1, of 1.2 and of Go's mixture understand alike: every text is
 * in quotes, because what is a number, a date or a boolean without them depends on the reader.
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
