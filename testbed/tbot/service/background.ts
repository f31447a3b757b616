import type { Destination } from '../destination.ts';
import { Failure } from '../failure.ts';
import { type Lifetime, readServiceLifetime } from '../lifetime.ts';
import { asValues, listAt, textAt, type Values } from '../values.ts';
import type { PlayedVersion } from '../versions.ts';
import { readWorkloadSelector } from './selectors.ts';
import type { WorkloadSelector } from './service.ts';

/** The settings of all background services. */
interface Common {
  readonly lifetime?: Lifetime;
}

/** The settings of services that listen on `tcp://host:port` or `unix:///path`. */
interface Listening extends Common {
  readonly listen: string;
}

export interface ApplicationTunnel extends Listening {
  readonly type: 'application-tunnel';
  readonly app: string;
  readonly roles: readonly string[];
}

export interface DatabaseTunnel extends Listening {
  readonly type: 'database-tunnel';
  readonly service: string;
  readonly database: string;
  readonly username: string;
  readonly roles: readonly string[];
}

export interface ApplicationProxy extends Listening {
  readonly type: 'application-proxy';
}

export interface SshMultiplexer extends Common {
  readonly type: 'ssh-multiplexer';
  readonly directory: string;
  /** The command of ProxyCommand without its arguments. Empty for tbot itself. */
  readonly proxyCommand: readonly string[];
}

export interface KeyAgent extends Common {
  readonly type: 'identity/key-agent';
  readonly directory: string;
  readonly cluster: string;
  readonly allowReissue: boolean;
  readonly roles: readonly string[];
}

export interface WorkloadApi extends Listening {
  readonly type: 'workload-identity-api' | 'spiffe-workload-api';
  /** Set for `workload-identity-api`. */
  readonly selector?: WorkloadSelector;
}

/** A background service. */
export type BackgroundService =
  | ApplicationTunnel
  | DatabaseTunnel
  | ApplicationProxy
  | SshMultiplexer
  | KeyAgent
  | WorkloadApi
  | ({ readonly type: 'not-played'; readonly played: string } & Common);

/** Reads and validates an entry. Sources: `*_config.go` below `lib/tbot/services`. */
export function readBackground(
  type: string,
  entry: Values,
  destination: Destination | undefined,
  version: PlayedVersion,
): BackgroundService {
  const roles = listAt(entry, 'roles').map(String);
  const common = lifetimeOf(type, entry, version);
  switch (type) {
    case 'application-tunnel':
      return { type, listen: listenOf(entry), app: needed(entry, 'app_name'), roles, ...common };
    case 'database-tunnel':
      return { type, listen: listenOf(entry), roles, ...databaseOf(entry), ...common };
    case 'application-proxy':
      return { type, listen: listenOf(entry), ...common };
    case 'ssh-multiplexer': {
      const proxyCommand = listAt(entry, 'proxy_command').map(String);
      const problems = ['must be specified', 'must be of type `directory`'] as const;
      return { type, directory: directoryOf(destination, problems), proxyCommand, ...common };
    }
    case 'identity/key-agent': {
      const directory = directoryOf(destination, ['is required', 'must be a filesystem directory']);
      const allowReissue = entry['allow_reissue'] === true;
      return { type, directory, cluster: textAt(entry, 'cluster'), allowReissue, roles, ...common };
    }
    case 'workload-identity-api':
      return { type, listen: listenOf(entry), selector: readWorkloadSelector(entry), ...common };
    case 'spiffe-workload-api': {
      const listen = listenOf(entry);
      if (listAt(entry, 'svids').length === 0) throw new Failure('svids: should not be empty');
      return { type, listen, ...common };
    }
    default:
      return { type: 'not-played', played: type };
  }
}

/** Returns the label of an unnamed service. Source: `String()` of the services below `lib/tbot/services`. */
export function labelOfBackground(service: BackgroundService): string {
  switch (service.type) {
    case 'application-tunnel':
      return `${service.type}:${service.listen}:${service.app}`;
    case 'database-tunnel':
      return `${service.type}:${service.listen}:${service.service}`;
    case 'application-proxy':
    case 'workload-identity-api':
    case 'spiffe-workload-api':
      return `${service.type}:${service.listen}`;
    case 'ssh-multiplexer':
    case 'identity/key-agent':
      return service.type;
    case 'not-played':
      return service.played;
    default:
      return service satisfies never;
  }
}

/** Reads the lifetime. Only application-proxy has a separate mapping for it. */
function lifetimeOf(type: string, entry: Values, version: PlayedVersion): Common {
  const map = type === 'application-proxy' ? asValues(entry['credential_lifetime']) : entry;
  const limit = type === 'workload-identity-api' ? 'unlimited' : 'limited';
  const lifetime = readServiceLifetime(map, version, limit);
  return lifetime === undefined ? {} : { lifetime };
}

function databaseOf(entry: Values): Pick<DatabaseTunnel, 'service' | 'database' | 'username'> {
  return {
    service: needed(entry, 'service'),
    database: needed(entry, 'database'),
    username: needed(entry, 'username'),
  };
}

function listenOf(entry: Values): string {
  const address = needed(entry, 'listen');
  // Go's url.Parse rejects an address without a scheme.
  if (/^[^/]*:\d+$/.test(address) && !address.includes('//')) {
    const parsing = new Failure(
      `parse ${JSON.stringify(address)}: first path segment in URL cannot contain colon`,
    );
    throw parsing.within('parsing listen');
  }
  return address;
}

function directoryOf(
  destination: Destination | undefined,
  [missing, other]: readonly [string, string],
): string {
  if (destination === undefined) throw new Failure(`destination: ${missing}`);
  if (destination.type !== 'directory') throw new Failure(`destination: ${other}`);
  return destination.path;
}

function needed(entry: Values, key: string): string {
  const value = textAt(entry, key);
  if (value === '') throw new Failure(`${key}: should not be empty`);
  return value;
}
