import type { VersionWanted } from '../inputs/values.ts';
import { Problem } from '../problem.ts';
import type { Cluster } from './find.ts';
import { compareVersions, parseVersion } from './semantic.ts';

export { compareVersions, formatVersion, parseVersion, type Version } from './semantic.ts';

/**
 * The tbot that is to be fetched; undefined where the workflow brings its own. `auto` is what the
 * proxy itself runs.
 */
export function versionWanted(wanted: VersionWanted, cluster: Cluster): string | undefined {
  switch (wanted.kind) {
    case 'auto':
      return cluster.serverVersion;
    case 'exact':
      return wanted.version;
    case 'installed':
      return undefined;
    default:
      return wanted satisfies never;
  }
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
  const tbot = parseVersion(version);
  const server = parseVersion(cluster.serverVersion);
  const oldest = parseVersion(cluster.minClientVersion ?? '');
  if (!tbot || !server) throw unreadable(tbot ? cluster.serverVersion : version);
  if (tbot.major > server.major)
    throw unfit(
      version,
      cluster,
      chosenBy,
      `the cluster runs ${cluster.serverVersion}, and no Teleport serves a newer major version than its own`,
    );
  if (oldest && compareVersions(tbot, oldest) < 0)
    throw unfit(
      version,
      cluster,
      chosenBy,
      `the cluster takes none older than ${cluster.minClientVersion}`,
    );
}

function unfit(
  version: string,
  cluster: Cluster,
  chosenBy: 'version' | 'tbot-path',
  why: string,
): Problem {
  return new Problem({
    code: 'version',
    what: `tbot ${version} does not fit the cluster ${cluster.name}: ${why}.`,
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
