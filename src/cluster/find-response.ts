import { isRecord, parseJson } from '../text/json.ts';
import { formatVersion, parseVersion } from '../versions/semantic.ts';

/** The facts that a Teleport Proxy reports about its cluster without authentication. */
export interface Cluster {
  /** One line without spaces or slashes. */
  readonly name: string;
  /** Without a `v`, such as `18.2.4`. */
  readonly serverVersion: string;
  /** The oldest client version that may join. Old proxies do not report it. */
  readonly minClientVersion?: string;
  /**
   * `oss` is a self-built AGPL version; Teleport's own builds report `community` or `ent`. Proxies
   * before 17 report no edition, which counts as `community`.
   */
  readonly edition: 'oss' | 'community' | 'enterprise';
  /** The cluster runs FIPS builds. */
  readonly fips: boolean;
  readonly autoUpdate?: AutoUpdate;
}

/**
 * The versions that managed updates select, unparsed. Reported since 17.1. `agent_auto_update` reports
 * whether the maintenance window is open, which does not matter for a new installation (Teleport,
 * lib/autoupdate/agent/updater.go).
 */
export interface AutoUpdate {
  /** The version for agents and bots. */
  readonly agentVersion?: string;
  /** The version for tsh and tctl. */
  readonly toolsVersion?: string;
}

/** A response that does not come from a Teleport Proxy. The message is a clause about the server. */
export class NotTeleport extends Error {
  override readonly name = 'NotTeleport';
}

type Json = Readonly<Record<string, unknown>>;

/**
 * Parses the response of `/webapi/find` (PingResponse in Teleport's api/client/webclient/webclient.go).
 * Older proxies omit `edition`, `fips` and `auto_update`. Throws a NotTeleport.
 */
export function parseFind(text: string): Cluster {
  const response = objectOf(jsonOf(text));
  const minimum = optional(response, 'min_client_version', 'string');
  const autoUpdate = presentValue(response, 'auto_update');
  return {
    name: nameOf(response),
    serverVersion: versionOf(response['server_version'], 'server_version'),
    ...(minimum && { minClientVersion: versionOf(minimum, 'min_client_version') }),
    edition: editionOf(optional(response, 'edition', 'string')),
    fips: optional(response, 'fips', 'boolean') ?? false,
    ...(autoUpdate !== undefined && { autoUpdate: autoUpdateOf(objectOf(autoUpdate)) }),
  };
}

function jsonOf(text: string): unknown {
  const json = parseJson(text);
  if (json !== undefined) return json;
  throw new NotTeleport(/^\s*</.test(text) ? 'it returned a web page' : 'the response is not JSON');
}

function objectOf(value: unknown): Json {
  if (!isRecord(value) || Array.isArray(value)) throw otherJson();
  return value;
}

function otherJson(): NotTeleport {
  return new NotTeleport('the response is JSON without the fields of a Teleport Proxy');
}

function nameOf(response: Json): string {
  const name = response['cluster_name'];
  if (name === undefined) throw otherJson();
  // The name is printed, compared, and part of file names that tbot writes.
  if (typeof name !== 'string' || !/^[!-.0-[\]-~]{1,253}$/.test(name))
    throw new NotTeleport('the response has an invalid `cluster_name`');
  return name;
}

function versionOf(value: unknown, key: string): string {
  const text = typeof value === 'string' ? value.replace(/^v/, '') : '';
  const version = parseVersion(text);
  if (!version) throw new NotTeleport(`the response has no valid \`${key}\``);
  return formatVersion(version);
}

function editionOf(edition: string | undefined): Cluster['edition'] {
  if (edition === 'ent') return 'enterprise';
  return edition === 'oss' ? 'oss' : 'community';
}

/** Returns the versions unparsed: an invalid one is ignored later, with a notice. */
function autoUpdateOf(value: Json): AutoUpdate {
  const [agent, tools] = ['agent_version', 'tools_version'].map((key) => presentValue(value, key));
  return {
    ...(agent !== undefined && agent !== '' && { agentVersion: shortText(agent) }),
    ...(tools !== undefined && tools !== '' && { toolsVersion: shortText(tools) }),
  };
}

function shortText(value: unknown): string {
  return typeof value === 'string' ? value.slice(0, 100) : typeof value;
}

/** Returns the value of a key. Undefined for null, which Go writes for a nil pointer. */
function presentValue(from: Json, key: string): unknown {
  return from[key] ?? undefined;
}

interface TypesByName {
  readonly string: string;
  readonly boolean: boolean;
}

function optional<T extends keyof TypesByName>(
  from: Json,
  key: string,
  type: T,
): TypesByName[T] | undefined {
  const value = presentValue(from, key);
  if (value === undefined) return undefined;
  if (!hasType(value, type)) throw new NotTeleport(`\`${key}\` in the response is not a ${type}`);
  return value;
}

function hasType<T extends keyof TypesByName>(value: unknown, type: T): value is TypesByName[T] {
  return typeof value === type;
}
