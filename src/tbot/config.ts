import { formatDuration } from '../inputs/duration.ts';
import type { Identity } from '../identity/identity.ts';
import type { PlannedService, Service } from './services.ts';
import { spellingOf } from './versions.ts';

export interface ConfigRequest {
  readonly version: string;
  /** `host:port`. */
  readonly proxy: string;
  readonly token: string;
  readonly identity: Identity;
  /** Seconds. */
  readonly ttl: number;
  readonly services: readonly PlannedService[];
  /** tbot is a FIPS build, to be run as one. */
  readonly fips?: boolean;
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
    [spelling.address]: request.proxy,
    onboarding: onboarding(request),
    storage: { type: 'memory' },
    oneshot: true,
    ...(request.fips && { fips: true }),
    [spelling.ttl]: formatDuration(request.ttl),
    [spelling.services]: request.services.map(({ service, dir }) => ({
      type: service.type,
      // Right after the type: tbot looks for the word `destination` in all texts before it.
      destination: { type: 'directory', path: dir },
      ...settingsOf(service),
    })),
  };
}

function onboarding({ token, identity }: ConfigRequest): Readonly<Record<string, unknown>> {
  const common = { join_method: identity.method, token };
  switch (identity.method) {
    case 'github':
      return common;
    case 'azure':
      return identity.clientId === undefined
        ? common
        : { ...common, azure: { client_id: identity.clientId } };
    default:
      return identity satisfies never;
  }
}

function settingsOf(service: Service): Readonly<Record<string, unknown>> {
  switch (service.type) {
    case 'identity':
      return service.allowReissue ? { allow_reissue: true } : {};
    default:
      return service.type satisfies never;
  }
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
  });
}
