import { formatDuration } from '../text/duration.ts';
import type { Identity } from '../methods/choose.ts';
import type { Endpoint } from '../cluster/endpoint.ts';
import type { Field, Values } from '../yaml/fields.ts';
import type { Onboarding } from '../methods/onboarding.ts';
import { descriptorOf, type Service } from '../services/index.ts';
import type { PlannedService } from '../services/requests.ts';
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
      ...settingsOf(service, request.ttl),
    })),
  };
}

/** What the config says of joining. */
function onboardingOf({
  token,
  identity,
  endpoint,
}: ConfigRequest): Readonly<Record<string, unknown>> {
  const pins = endpoint.kind === 'auth-server' ? { ca_pins: endpoint.caPins } : {};
  const common = { join_method: identity.method, token, ...pins };
  if (identity.method === 'github') return common;
  if (identity.method !== 'azure') return { ...common, ...parametersOf(identity.onboarding) };
  return identity.clientId === undefined
    ? common
    : { ...common, azure: { client_id: identity.clientId } };
}

/** Those of gitlab and kubernetes reach every tbot by the environment, see there. */
function parametersOf({
  terraform,
  bound_keypair: keypair,
  generic_oidc: oidc,
}: Onboarding): Readonly<Record<string, unknown>> {
  const timeout = oidc?.timeout === undefined ? {} : { timeout: formatDuration(oidc.timeout) };
  return {
    ...(terraform && { terraform }),
    ...(keypair && { bound_keypair: keypair }),
    ...(oidc && { generic_oidc: { ...oidc, ...timeout } }),
  };
}

/** Every tbot knows `auth_server`; from 19 on it must be one truly. */
function addressKey({ kind }: Endpoint, { address }: Spelling): string {
  return kind === 'auth-server' ? 'auth_server' : address;
}

/**
 * Returns the settings of a service in the order of its fields, without those that have no effect.
 * `usual` is the lifetime of services that set none, in seconds.
 */
function settingsOf(service: Service, usual: number): Values {
  const { fields, lifetime } = descriptorOf(service.type);
  const values = new Map<string, unknown>(
    Object.entries({ ...service, ...lifetime.complete(service, usual) }),
  );
  const settings = Object.entries(fields).flatMap(([key, field]) => {
    const value = values.get(key);
    // From 19 on tbot refuses the key `roles`; before, it ignores an empty list.
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
