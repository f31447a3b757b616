import { resolve } from 'node:path';

import { type Cluster } from '../cluster/cluster.ts';
import { checkVersion, formatVersion, parseVersion, versionWanted } from '../cluster/version.ts';
import type { Inputs } from '../inputs/table.ts';
import type { Network } from '../network/network.ts';
import type { Patience } from '../network/retry.ts';
import { Problem } from '../problem.ts';
import type { Environment, Runner } from '../runner.ts';
import { download } from './download.ts';
import { findInstalled } from './installed.ts';
import { publicSite, type Release, releaseFor } from './release.ts';
import { type Candidate, type Source, versionOf } from './tool.ts';

export interface InstallRequest {
  readonly inputs: Pick<Inputs, 'version' | 'tbotPath' | 'mirror' | 'checksum'>;
  readonly cluster: Cluster;
  readonly network: Network;
  /** A private folder that exists; a downloaded tbot is put there. */
  readonly directory: string;
  readonly env: Environment;
  readonly platform: NodeJS.Platform;
  readonly arch: string;
  readonly runner: Pick<Runner, 'info'>;
  readonly signal: AbortSignal;
  readonly patience?: Patience;
}

/** A tbot that runs on this machine and fits the cluster. */
export interface Tool {
  /** Absolute. */
  readonly path: string;
  /** Its own word, without a `v`. */
  readonly version: string;
  readonly source: Source;
}

/**
 * Comes by tbot the way the inputs say, and lets none pass that can not run here or does not fit
 * the cluster. Throws a Problem `version`, `tbot`, `platform`, `download`, `checksum` or `archive`,
 * or the reason of the signal.
 */
export async function install(request: InstallRequest): Promise<Tool> {
  const { inputs, cluster } = request;
  const wanted = versionWanted(inputs.version, cluster);
  // Before anything is downloaded in vain.
  if (wanted !== undefined) checkVersion(wanted, cluster, 'version');
  const found = await obtain(request, wanted);
  const version = await versionOf(found, { ...request, machine: request });
  if (wanted !== undefined && (inputs.version.kind === 'exact' || found.source === 'archive'))
    checkSame(version, wanted, found);
  checkVersion(version, cluster, found.source === 'tbot-path' ? 'tbot-path' : 'version');
  return { ...found, version };
}

async function obtain(request: InstallRequest, wanted: string | undefined): Promise<Candidate> {
  const { inputs, env, platform } = request;
  if (inputs.tbotPath !== undefined) {
    const base = env['GITHUB_WORKSPACE'] ?? '';
    return { path: resolve(base, inputs.tbotPath), source: 'tbot-path' };
  }
  if (wanted === undefined)
    return { path: await findInstalled(env, platform), source: 'installed' };
  return { path: await fetchArchive(request, wanted), source: 'archive' };
}

async function fetchArchive(request: InstallRequest, version: string): Promise<string> {
  const { inputs, runner, patience } = request;
  const release = releaseHere(request, version);
  const site = inputs.mirror ?? publicSite;
  runner.info(`Downloading tbot ${version}: ${site}/${release.archive}`);
  return download({
    release,
    site,
    pins: inputs.checksum,
    directory: request.directory,
    network: request.network,
    signal: request.signal,
    info: (line) => runner.info(line),
    ...(patience && { patience }),
  });
}

function releaseHere({ cluster, platform, arch }: InstallRequest, version: string): Release {
  // A tbot that is no FIPS build can join such a cluster, too.
  const fips = cluster.fips && platform === 'linux';
  const release = releaseFor({ version, edition: cluster.edition, fips, platform, arch });
  if (release?.format === 'tar.gz') return release;
  throw new Problem({
    code: 'platform',
    what: `tbot can not be downloaded for ${platform} on ${arch}.`,
    fix: 'Install tbot on the runner, and give its path as `tbot-path`.',
  });
}

function checkSame(version: string, wanted: string, { path, source }: Candidate): void {
  const plain = parseVersion(wanted);
  if (plain && formatVersion(plain) === version) return;
  throw new Problem({
    code: 'version',
    what: `${path} is tbot ${version}, and ${wanted} was wanted.`,
    fix:
      source === 'tbot-path'
        ? `Write \`version: ${version}\`, or put tbot ${wanted} there.`
        : `Check that \`mirror\` serves what its names say.`,
  });
}
