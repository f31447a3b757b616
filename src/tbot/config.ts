import { formatDuration } from '../text/time.ts';
import { type Identity, methodConfig } from '../methods/join-identity.ts';
import type { Endpoint } from '../cluster/endpoint.ts';
import type { Field, Fields, Values } from '../yaml/fields.ts';
import { longestInterval } from '../services/client-certificate.ts';
import { descriptorOf, lifetimeSettings, type Service } from '../services/index.ts';
import type { PlannedService } from '../services/requests.ts';
import type { UsualLifetime } from '../services/service.ts';
import { isRecord } from '../text/json.ts';

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
  /** Undefined in oneshot mode. */
  readonly background?: Background | undefined;
}

/** How tbot runs in background mode. */
export interface Background {
  /** The address of tbot's diagnostics, as `host:port`. */
  readonly diagnostics: string;
  /** Seconds. */
  readonly renewalInterval: number;
}

/** A tbot config, version v2, as plain data (lib/tbot/config/config.go). */
export type TbotConfig = Readonly<Record<string, unknown>>;

/** Returns a config for a version of tbot, with storage in memory. */
export function tbotConfig(request: ConfigRequest): TbotConfig {
  const { background } = request;
  const spelling = spellingOf(request.version);
  return {
    version: 'v2',
    [addressKey(request.endpoint, spelling)]: request.endpoint.address,
    onboarding: onboardingOf(request),
    storage: { type: 'memory' },
    ...(request.fips ? { fips: true } : {}),
    oneshot: background === undefined,
    [spelling.ttl]: formatDuration(request.ttl),
    ...(background === undefined
      ? {}
      : {
          renewal_interval: formatDuration(background.renewalInterval),
          diag_addr: background.diagnostics,
        }),
    ...servicesOf(request, spelling),
  };
}

/** Returns the lists of services. Before 17, those that serve connections have their own. */
function servicesOf(
  { services, ttl, background }: ConfigRequest,
  spelling: Spelling,
): Readonly<Record<string, unknown>> {
  const usual = { ttl, longestInterval: background?.renewalInterval ?? longestInterval };
  const serving = services.filter((one) => descriptorOf(one.service.type).serves !== undefined);
  const others = services.filter((one) => !serving.includes(one));
  const entries = (list: readonly PlannedService[]): readonly Values[] =>
    list.map((planned) => entryOf(planned, usual));
  if (spelling.services === 'services') return { services: entries(services) };
  return {
    outputs: entries(others),
    ...(serving.length > 0 ? { services: entries(serving) } : {}),
  };
}

function entryOf({ service, dir, listen }: PlannedService, usual: UsualLifetime): Values {
  return {
    type: service.type,
    // Directly after the type: tbot searches all text before it for the word `destination`.
    ...(listen === undefined ? { destination: { type: 'directory', path: dir } } : { listen }),
    ...settingsOf(service, usual),
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
 * Returns the settings of a service except its address, in the order of its fields, without those that
 * have no effect.
 */
function settingsOf(service: Service, usual: UsualLifetime): Values {
  const { fields, lifetime } = descriptorOf(service.type);
  const own = lifetimeSettings(service);
  const completed = { ...own, ...lifetime.complete(own, usual) };
  const { listen: _, ...settings }: Values = {
    ...service,
    ...(lifetime.within === undefined ? completed : { [lifetime.within]: completed }),
  };
  return written(settings, fields);
}

function written(values: Values, fields: Fields): Values {
  const settings = Object.entries(fields).flatMap(([key, field]) => {
    const value = values[key];
    // An empty mapping or list has no effect. Since 19, tbot rejects the key `roles`.
    if (value === undefined || (isRecord(value) && Object.keys(value).length === 0)) return [];
    return [[key, writtenValue(value, field)]];
  });
  return Object.fromEntries(settings);
}

function writtenValue(value: unknown, field: Field): unknown {
  if (field.kind === 'duration') return formatDuration(Number(value));
  return field.kind === 'map' && isRecord(value) ? written(value, field.fields) : value;
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
