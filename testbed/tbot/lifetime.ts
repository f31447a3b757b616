import { formatGoDuration, parseGoDuration } from './duration.ts';
import { Failure } from './failure.ts';
import { textAt, type Values } from './values.ts';
import type { PlayedVersion } from './versions.ts';

/** Certificate lifetime and renewal interval in seconds. */
export interface Lifetime {
  readonly ttl: number;
  readonly interval: number;
}

const defaults: Lifetime = { ttl: 3600, interval: 1200 };

/** Reads the values of the root, for which some errors are only warnings. Source: `lib/tbot/bot/credential_lifetime.go`. */
export function readRootLifetime(
  root: Values,
  version: PlayedVersion,
): { readonly lifetime: Lifetime; readonly warnings: readonly string[] } {
  const knows = version.rootKeys.includes('credential_ttl');
  const old = duration(root, 'certificate_ttl');
  const current = knows ? duration(root, 'credential_ttl') : 0;
  const lifetime = {
    ttl: current || old || defaults.ttl,
    interval: duration(root, 'renewal_interval') || defaults.interval,
  };
  const tooLong = excess(lifetime, version);
  return {
    lifetime,
    warnings: [
      ...(knows && old && current
        ? [
            'Both certificate_ttl and credential_ttl were specified, certificate_ttl will be ignored',
          ]
        : []),
      ...(knows && old && !current
        ? ['The certificate_ttl option is deprecated, use credential_ttl instead']
        : []),
      ...(tooLong === undefined ? [] : [tooLong]),
    ],
  };
}

/** Reads the values of a service. Both or none are required; warnings of the root are errors, except for workload identities. */
export function readServiceLifetime(
  entry: Values,
  version: PlayedVersion,
  limit: 'limited' | 'unlimited' = 'limited',
): Lifetime | undefined {
  if (!version.knowsKey('credential_ttl')) return undefined;
  const lifetime = {
    ttl: duration(entry, 'credential_ttl'),
    interval: duration(entry, 'renewal_interval'),
  };
  if (lifetime.ttl === 0 && lifetime.interval === 0) return undefined;
  if (lifetime.ttl === 0 || lifetime.interval === 0) {
    throw new Failure('credential_ttl and renewal_interval must both be specified if either is');
  }
  if (lifetime.ttl < 0) throw new Failure('credential_ttl must be positive');
  if (lifetime.interval < 0) throw new Failure('renewal_interval must be positive');
  const tooLong = limit === 'limited' ? excess(lifetime, version) : undefined;
  if (tooLong !== undefined) throw new Failure(tooLong);
  return lifetime;
}

function excess({ ttl }: Lifetime, { maximumTtl }: PlayedVersion): string | undefined {
  if (maximumTtl === undefined || ttl <= maximumTtl) return undefined;
  return `Requested certificate TTL exceeds the maximum TTL allowed and will likely be reduced by the Teleport server (requested_ttl=${formatGoDuration(ttl)}, maximum_ttl=${formatGoDuration(maximumTtl)})`;
}

function duration(map: Values, key: string): number {
  const value = textAt(map, key);
  if (value === '') return 0;
  const seconds = parseGoDuration(value);
  if (seconds !== undefined) return seconds;
  throw new Failure(
    `failed parsing config file: yaml: unmarshal errors:  cannot unmarshal !!str \`${value}\` into time.Duration`,
  );
}
