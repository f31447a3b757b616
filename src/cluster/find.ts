import { isRecord, parseJson } from '../text/json.ts';
import { formatVersion, parseVersion } from '../versions/semantic.ts';

/** What a Teleport Proxy says about its cluster before anybody has proved who they are. */
export interface Cluster {
  /** One line without spaces and slashes. */
  readonly name: string;
  /** Without a `v`, such as `18.2.4`. */
  readonly serverVersion: string;
  /** The oldest client that may join; absent on old proxies. */
  readonly minClientVersion?: string;
  /**
   * `oss` is an AGPL build that its operator made; Teleport's own builds say `community` or `ent`.
   * Proxies before 17 report none, which counts as `community`.
   */
  readonly edition: 'oss' | 'community' | 'enterprise';
  /** The cluster runs FIPS builds. */
  readonly fips: boolean;
  readonly autoUpdate?: AutoUpdate;
}

/**
 * The versions that managed updates ask for, as the cluster wrote them; from 17.1 on. Whether agents
 * update right now (`agent_auto_update`) is the maintenance window, which is no matter of a new
 * installation (Teleport, lib/autoupdate/agent/updater.go).
 */
export interface AutoUpdate {
  /** Of agents and bots. */
  readonly agentVersion?: string;
  /** Of tsh and tctl. */
  readonly toolsVersion?: string;
}

/** The answer is not the one of a Teleport Proxy; the message is a clause that says why. */
export class NotTeleport extends Error {
  override readonly name = 'NotTeleport';
}

type Json = Readonly<Record<string, unknown>>;

/**
 * Reads the answer of `/webapi/find` (PingResponse in Teleport's api/client/webclient/webclient.go;
 * `edition`, `fips` and `auto_update` are younger than the rest). Throws a NotTeleport.
 */
export function parseFind(text: string): Cluster {
  const answer = objectOf(jsonOf(text));
  const minimum = optional(answer, 'min_client_version', 'string');
  const autoUpdate = given(answer, 'auto_update');
  return {
    name: nameOf(answer),
    serverVersion: versionOf(answer['server_version'], 'server_version'),
    ...(minimum && { minClientVersion: versionOf(minimum, 'min_client_version') }),
    edition: editionOf(optional(answer, 'edition', 'string')),
    fips: optional(answer, 'fips', 'boolean') ?? false,
    ...(autoUpdate !== undefined && { autoUpdate: autoUpdateOf(objectOf(autoUpdate)) }),
  };
}

function jsonOf(text: string): unknown {
  const json = parseJson(text);
  if (json !== undefined) return json;
  throw new NotTeleport(
    /^\s*</.test(text) ? 'it answers with a web page' : 'its answer is not JSON',
  );
}

function objectOf(value: unknown): Json {
  if (!isRecord(value) || Array.isArray(value))
    throw new NotTeleport('its answer is JSON of something else');
  return value;
}

function nameOf(answer: Json): string {
  const name = answer['cluster_name'];
  if (name === undefined) throw new NotTeleport('its answer is JSON of something else');
  // The name is printed, compared, and part of the names of files that tbot writes.
  if (typeof name !== 'string' || !/^[!-.0-[\]-~]{1,253}$/.test(name))
    throw new NotTeleport('its answer holds no usable `cluster_name`');
  return name;
}

function versionOf(value: unknown, key: string): string {
  const text = typeof value === 'string' ? value.replace(/^v/, '') : '';
  const version = parseVersion(text);
  if (!version) throw new NotTeleport(`its answer holds no usable \`${key}\``);
  return formatVersion(version);
}

function editionOf(edition: string | undefined): Cluster['edition'] {
  if (edition === 'ent') return 'enterprise';
  return edition === 'oss' ? 'oss' : 'community';
}

/** A version that can't be read is a wish that can't be met, and no sign of another program. */
function autoUpdateOf(value: Json): AutoUpdate {
  const [agent, tools] = ['agent_version', 'tools_version'].map((key) => given(value, key));
  return {
    ...(agent !== undefined && agent !== '' && { agentVersion: wordOf(agent) }),
    ...(tools !== undefined && tools !== '' && { toolsVersion: wordOf(tools) }),
  };
}

function wordOf(value: unknown): string {
  return typeof value === 'string' ? value.slice(0, 100) : typeof value;
}

/** Go writes null for what it does not have. */
function given(from: Json, key: string): unknown {
  return from[key] ?? undefined;
}

interface Types {
  readonly string: string;
  readonly boolean: boolean;
}

function optional<T extends keyof Types>(from: Json, key: string, type: T): Types[T] | undefined {
  const value = given(from, key);
  if (value === undefined) return undefined;
  if (!isOf(value, type)) throw new NotTeleport(`\`${key}\` in its answer is not a ${type}`);
  return value;
}

function isOf<T extends keyof Types>(value: unknown, type: T): value is Types[T] {
  return typeof value === type;
}
