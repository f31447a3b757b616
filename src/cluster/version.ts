import { Problem } from '../problem.ts';
import type { Cluster } from './find-response.ts';
import { compareVersions, formatVersion, parseVersion } from '../versions/semantic.ts';

/** The version to install, and a sentence for each cluster setting that is ignored. */
export interface VersionChoice {
  readonly version: string;
  readonly notices: readonly string[];
}

/**
 * Returns the Teleport version that a cluster selects: the version of its managed updates (with
 * `tools`, the version for tsh and tctl, because one archive contains all programs); on clusters
 * without managed updates, the version of the channel for automatic upgrades; otherwise the cluster's
 * own version. Ignores a version that is invalid or incompatible with the cluster.
 */
export async function versionFor(
  cluster: Cluster,
  tools: readonly string[],
  channel: () => Promise<string | undefined>,
): Promise<VersionChoice> {
  const { autoUpdate, serverVersion } = cluster;
  const { agentVersion, toolsVersion } = autoUpdate ?? {};
  const settings = [
    { key: 'tools_version', version: tools.length > 0 ? toolsVersion : undefined },
    { key: 'agent_version', version: agentVersion },
    { key: 'the upgrade channel', version: autoUpdate ? undefined : await channel() },
  ];
  const notices: string[] = [];
  for (const { key, version } of settings) {
    if (version === undefined) continue;
    const parsed = parseVersion(version);
    if (!parsed) notices.push(ignored(key, version, cluster, 'it is not a valid version'));
    else {
      const candidate = formatVersion(parsed);
      const why = incompatibility(candidate, cluster) ?? tooOldForTools(tools, candidate, cluster);
      if (why === undefined) return { version: candidate, notices };
      notices.push(ignored(key, candidate, cluster, why));
    }
  }
  return { version: serverVersion, notices };
}

function ignored(key: string, version: string, { name }: Cluster, why: string): string {
  return `Cluster ${name} specifies Teleport ${version} (${key}), which is ignored because ${why}.`;
}

/**
 * Checks that a cluster supports a tbot version. A server supports clients of its own major version
 * and of older ones down to `min_client_version`, but never of a newer major version (Teleport,
 * Upgrading: component compatibility). `chosenBy` is the input that selected tbot. Throws a Problem
 * `version`.
 */
export function checkVersion(
  version: string,
  cluster: Cluster,
  chosenBy: 'version' | 'tbot-path',
): void {
  const why = incompatibility(version, cluster);
  if (why !== undefined) throw incompatible('tbot', version, cluster, chosenBy, why);
}

/**
 * Checks that a cluster supports a version of tsh and tctl: its own major version or the one before,
 * regardless of `min_client_version` (Teleport, Upgrading: component compatibility). Throws a Problem
 * `version`.
 */
export function checkTools(tools: readonly string[], version: string, cluster: Cluster): void {
  const why = tooOldForTools(tools, version, cluster);
  if (why !== undefined) throw incompatible(tools.join(' and '), version, cluster, 'version', why);
}

function tooOldForTools(
  tools: readonly string[],
  version: string,
  { serverVersion }: Cluster,
): string | undefined {
  const [client, server] = [parseVersion(version), parseVersion(serverVersion)];
  if (tools.length === 0 || !client || !server || client.major >= server.major - 1)
    return undefined;
  return `the cluster runs ${serverVersion} and supports clients that are at most one major version older`;
}

function incompatibility(version: string, cluster: Cluster): string | undefined {
  const tbot = parseVersion(version);
  const server = parseVersion(cluster.serverVersion);
  const oldest = parseVersion(cluster.minClientVersion ?? '');
  if (!tbot || !server) throw invalidVersion(tbot ? cluster.serverVersion : version);
  if (tbot.major > server.major)
    return `the cluster runs ${cluster.serverVersion} and does not support newer major versions`;
  return oldest && compareVersions(tbot, oldest) < 0
    ? `the cluster requires ${cluster.minClientVersion} or newer`
    : undefined;
}

function incompatible(
  program: string,
  version: string,
  cluster: Cluster,
  chosenBy: 'version' | 'tbot-path',
  why: string,
): Problem {
  return new Problem({
    code: 'version',
    what: `${program} ${version} is not compatible with cluster ${cluster.name}: ${why}.`,
    fix:
      chosenBy === 'version'
        ? `Set \`version: ${cluster.serverVersion}\`, or remove \`version\` to use the version of the cluster.`
        : `Install tbot ${cluster.serverVersion} at \`tbot-path\`, or remove \`tbot-path\` and \`version\` to download it.`,
  });
}

function invalidVersion(version: string): Problem {
  return new Problem({
    code: 'version',
    what: `\`${version}\` is not a Teleport version.`,
    fix: 'Set `version` to an exact version such as `18.2.4`.',
  });
}
