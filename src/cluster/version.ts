import { Problem } from '../problem.ts';
import type { Cluster } from './find.ts';
import { compareVersions, parseVersion } from './semantic.ts';

/**
 * The version of Teleport that a cluster wants its agents to run: what its managed updates say, else
 * its channel for automatic upgrades, else its own. What they name is passed over when the cluster
 * itself would not serve it.
 */
export async function versionFor(
  cluster: Cluster,
  channel: () => Promise<string | undefined>,
): Promise<string> {
  const { autoUpdate, automaticUpgrades, serverVersion } = cluster;
  const wanted = autoUpdate?.agentAutoUpdate
    ? autoUpdate.agentVersion
    : automaticUpgrades
      ? await channel()
      : undefined;
  return wanted === undefined || misfit(wanted, cluster) ? serverVersion : wanted;
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
  const [client, server] = [parseVersion(version), parseVersion(cluster.serverVersion)];
  if (tools.length === 0 || !client || !server || client.major >= server.major - 1) return;
  const why = `the cluster runs ${cluster.serverVersion}, and its clients may be one major version older at the most`;
  throw unfit(tools.join(' and '), version, cluster, 'version', why);
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
