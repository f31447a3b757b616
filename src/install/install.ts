import { resolve } from 'node:path';

import { askChannel } from '../cluster/channel.ts';
import type { Cluster } from '../cluster/cluster.ts';
import {
  checkTools,
  checkVersion,
  formatVersion,
  parseVersion,
  versionFor,
} from '../cluster/version.ts';
import type { DownloadInputs } from '../inputs/download-contradictions.ts';
import type { Network } from '../network/network.ts';
import type { Patience } from '../network/retry.ts';
import { Problem } from '../problem.ts';
import type { Environment, Runner } from '../runner.ts';
import { type Build, buildFor } from './build.ts';
import { cacheFolder, findCached } from './cache.ts';
import { fetchPrograms } from './fetch.ts';
import { findInstalled } from './installed.ts';
import { choosePlace, putInPlace } from './place.ts';
import { type Candidate, type Source, versionOf } from './tool.ts';

export interface InstallRequest {
  readonly inputs: DownloadInputs & {
    /** `host:port`. */
    readonly proxy: string | undefined;
  };
  /** Undefined where no proxy was asked: an exact version is needed then. */
  readonly cluster: Cluster | undefined;
  readonly network: Network;
  /** A private folder that exists; without a tool cache the programs are put there. */
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
  /** Absolute paths of tsh and tctl, where they were asked for. */
  readonly tools?: readonly string[];
  /** It is a FIPS build, to be run as one. */
  readonly fips?: true;
}

/**
 * Comes by tbot the way the inputs say, and lets none pass that can not run here or does not fit
 * the cluster. Throws a Problem `version`, `tbot`, `platform`, `download`, `checksum` or `archive`,
 * or the reason of the signal.
 */
export async function install(request: InstallRequest): Promise<Tool> {
  const { inputs, cluster } = request;
  const wanted = await versionWanted(request);
  // Before anything is downloaded in vain.
  if (wanted !== undefined && cluster) {
    checkVersion(wanted, cluster, 'version');
    checkTools(inputs.tools ?? [], wanted, cluster);
  }
  const { tbot, ...rest } = await obtain(request, wanted);
  const version = await versionOf(tbot, { ...request, machine: request });
  const ours = tbot.source !== 'tbot-path' && tbot.source !== 'installed';
  if (wanted !== undefined && (inputs.version.kind === 'exact' || ours))
    checkSame(version, wanted, tbot);
  if (cluster)
    checkVersion(version, cluster, tbot.source === 'tbot-path' ? 'tbot-path' : 'version');
  return { ...tbot, version, ...rest };
}

/** The version that is to be fetched; undefined where the workflow brings its own. */
async function versionWanted(request: InstallRequest): Promise<string | undefined> {
  const { inputs, cluster } = request;
  const { version, proxy, tbotPath } = inputs;
  switch (version.kind) {
    case 'auto':
      if (tbotPath !== undefined) return undefined;
      if (!cluster || proxy === undefined) throw noCluster();
      return versionFor(cluster, () => askChannel(proxy, request));
    case 'exact':
      return version.version;
    case 'installed':
      return undefined;
    default:
      return version satisfies never;
  }
}

function noCluster(): Problem {
  return new Problem({
    code: 'version',
    what: 'There is no cluster that could say which version is to be installed.',
    fix: 'Give `proxy`, or an exact `version`.',
  });
}

interface Obtained extends Pick<Tool, 'tools' | 'fips'> {
  readonly tbot: Candidate;
}

async function obtain(request: InstallRequest, wanted: string | undefined): Promise<Obtained> {
  const { inputs, env, platform, cluster } = request;
  const fips = inputs.fips === true ? { fips: true as const } : {};
  if (inputs.tbotPath !== undefined) {
    const base = env['GITHUB_WORKSPACE'] ?? '';
    return { tbot: { path: resolve(base, inputs.tbotPath), source: 'tbot-path' }, ...fips };
  }
  if (wanted === undefined)
    return { tbot: { path: await findInstalled(env, platform), source: 'installed' }, ...fips };
  const build = buildFor(wanted, inputs, cluster, request);
  const { paths, source } = await programsOf(request, build);
  const { tbot: path = '', ...tools } = Object.fromEntries(paths);
  return {
    tbot: { path, source },
    ...(build.fips && { fips: true }),
    ...(paths.size > 1 && { tools: Object.values(tools) }),
  };
}

interface Programs {
  readonly paths: ReadonlyMap<string, string>;
  readonly source: Source;
}

/** From the tool cache, else fetched. A `checksum` is about a download, which a cache can not prove. */
async function programsOf(request: InstallRequest, build: Build): Promise<Programs> {
  const { inputs, env, directory, network, signal, patience } = request;
  const info = (line: string): void => request.runner.info(line);
  const programs = ['tbot', ...(inputs.tools ?? [])];
  const pinned = inputs.checksum !== undefined;
  const folder = pinned ? undefined : cacheFolder(env, build);
  const cached = folder && (await findCached(folder, programs, build, info));
  if (cached) return { paths: cached, source: 'tool-cache' };
  const place = await choosePlace(build, directory, pinned ? {} : env, info);
  const { staged, source } = await fetchPrograms({
    build,
    programs,
    wishes: inputs,
    directory: place.directory,
    network,
    signal,
    info,
    ...(patience && { patience }),
  });
  return { paths: await putInPlace(staged, place, build.platform), source };
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
        : source === 'tool-cache'
          ? 'Remove it from the tool cache of the runner, and it is downloaded again.'
          : `Check that \`mirror\` serves what its names say.`,
  });
}
