import { Problem } from '../problem.ts';
import type { Cluster } from './find.ts';
import { compareVersions, formatVersion, parseVersion } from '../versions/semantic.ts';

/** The version to install, and a sentence for each setting of the cluster that is ignored. */
export interface VersionChoice {
  readonly version: string;
  readonly notices: readonly string[];
}

/**
 * Returns the version of Teleport that a cluster asks for: that of its managed updates (with `tools`
 * the one for tsh and tctl, because one archive holds all programs), on clusters without managed
 * updates that of the channel for automatic upgrades, otherwise the cluster's own version. A version
 * that can't be read or that the cluster itself would not serve is ignored.
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
    const readable = parseVersion(version);
    if (!readable) notices.push(ignored(key, version, cluster, 'it is not a version'));
    else {
      const found = formatVersion(readable);
      const why = misfit(found, cluster) ?? tooOldForTools(tools, found, cluster);
      if (why === undefined) return { version: found, notices };
      notices.push(ignored(key, found, cluster, why));
    }
  }
  return { version: serverVersion, notices };
}

function ignored(key: string, version: string, { name }: Cluster, why: string): string {
  return `Cluster ${name} asks for Teleport ${version} (${key}), which is ignored: ${why}.`;
}

/**
 * Holds a tbot against its cluster: a server takes clients of its own major and of older ones down
 * to `min_client_version`, never newer majors (Teleport, Upgrading: component compatibility).
 * Throws a Problem `version`. `chosenBy` is the input that chose this tbot.
 */
export function checkVersion(
  version: string,
  cluster: Cluster,
  chosenBy: 'version' | 'tbot-path',
): void {
  const why = misfit(version, cluster);
  if (why !== undefined) throw unfit('tbot', version, cluster, chosenBy, why);
}

/**
 * tsh and tctl are of the cluster's major version or the one before it (Teleport, Upgrading:
 * component compatibility), whatever `min_client_version` says. Throws a Problem `version`.
 */
export function checkTools(tools: readonly string[], version: string, cluster: Cluster): void {
  const why = tooOldForTools(tools, version, cluster);
  if (why !== undefined) throw unfit(tools.join(' and '), version, cluster, 'version', why);
}

function tooOldForTools(
  tools: readonly string[],
  version: string,
  { serverVersion }: Cluster,
): string | undefined {
  const [client, server] = [parseVersion(version), parseVersion(serverVersion)];
  if (tools.length === 0 || !client || !server || client.major >= server.major - 1)
    return undefined;
  return `the cluster runs ${serverVersion}, and its clients may be at most one major version older`;
}

function misfit(version: string, cluster: Cluster): string | undefined {
  const tbot = parseVersion(version);
  const server = parseVersion(cluster.serverVersion);
  const oldest = parseVersion(cluster.minClientVersion ?? '');
  if (!tbot || !server) throw unreadable(tbot ? cluster.serverVersion : version);
  if (tbot.major > server.major)
    return `the cluster runs ${cluster.serverVersion}, and no Teleport serves a newer major version than its own`;
  return oldest && compareVersions(tbot, oldest) < 0
    ? `the cluster takes none older than ${cluster.minClientVersion}`
    : undefined;
}

function unfit(
  program: string,
  version: string,
  cluster: Cluster,
  chosenBy: 'version' | 'tbot-path',
  why: string,
): Problem {
  return new Problem({
    code: 'version',
    what: `${program} ${version} does not fit the cluster ${cluster.name}: ${why}.`,
    fix:
      chosenBy === 'version'
        ? `Write \`version: ${cluster.serverVersion}\`, or leave \`version\` out to follow the cluster.`
        : `Install tbot ${cluster.serverVersion} there, or leave \`tbot-path\` and \`version\` out to have it fetched.`,
  });
}

function unreadable(version: string): Problem {
  return new Problem({
    code: 'version',
    what: `\`${version}\` is not a version of Teleport.`,
    fix: 'Write an exact `version` such as `18.2.4`.',
  });
}
