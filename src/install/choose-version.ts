import { type Cluster, fetchUpgradeChannel } from '../cluster/cluster.ts';
import { formatVersion, parseVersion } from '../versions/semantic.ts';
import { checkTools, checkVersion, versionFor } from '../cluster/version.ts';
import { Problem } from '../problem.ts';
import type { InstallRequest } from './request.ts';
import type { TbotFile } from './tbot-version.ts';

/**
 * Returns the version to install, which fits the cluster; undefined if the workflow brings its own
 * tbot. Throws a Problem `version`.
 */
export async function fittingVersion(request: InstallRequest): Promise<string | undefined> {
  const { inputs, cluster } = request;
  const wanted = await versionWanted(request);
  if (wanted !== undefined && cluster) {
    checkVersion(wanted, cluster, 'version');
    checkTools(inputs.tools ?? [], wanted, cluster);
  }
  return wanted;
}

async function versionWanted(request: InstallRequest): Promise<string | undefined> {
  const { inputs, cluster } = request;
  const { version, proxy, tbotPath } = inputs;
  switch (version.kind) {
    case 'auto':
      if (tbotPath !== undefined) return undefined;
      if (!cluster || proxy === undefined) throw noCluster();
      return chosenBy(cluster, proxy, request);
    case 'exact':
      return version.version;
    case 'installed':
      return undefined;
    default:
      return version satisfies never;
  }
}

async function chosenBy(cluster: Cluster, proxy: string, request: InstallRequest): Promise<string> {
  const { inputs, ci } = request;
  const { version, notices } = await versionFor(cluster, inputs.tools ?? [], () =>
    fetchUpgradeChannel(proxy, request),
  );
  for (const notice of notices) ci.notice('machine-id-action', notice);
  return version;
}

function noCluster(): Problem {
  return new Problem({
    code: 'version',
    what: 'There is no cluster that could say which version is to be installed.',
    fix: 'Give `proxy`, or an exact `version`.',
  });
}

/** Throws a Problem `version` if a mirror, a cache or a path has another version than requested. */
export function checkRequestedVersion(
  version: string,
  wanted: string,
  { path, source, cachedPath = path }: TbotFile,
): void {
  const plain = parseVersion(wanted);
  if (plain && formatVersion(plain) === version) return;
  throw new Problem({
    code: 'version',
    what: `${cachedPath} is tbot ${version}, and ${wanted} was wanted.`,
    fix:
      source === 'tbot-path'
        ? `Write \`version: ${version}\`, or put tbot ${wanted} there.`
        : source === 'tool-cache'
          ? 'Remove it from the tool cache of the runner, and it is downloaded again.'
          : `Check that \`mirror\` serves what its names say.`,
  });
}
