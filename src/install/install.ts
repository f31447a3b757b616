import { join, resolve } from 'node:path';

import { checkVersion } from '../cluster/version.ts';
import { type Build, buildFor, fileOf } from './build.ts';
import { cacheFolder, takeCached, tellUnused } from './cache.ts';
import { fetchPrograms } from './fetch.ts';
import { fillCache } from './fill.ts';
import { findInstalled } from './installed.ts';
import { type ProgramPaths, putInPlace } from './place.ts';
import type { InstallRequest } from './request.ts';
import { type Candidate, type Source, versionOf } from './tbot-version.ts';
import { checkSame, fittingVersion } from './choose-version.ts';

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
 * Comes by tbot the way the inputs say, and lets none pass that cannot run here or does not fit
 * the cluster. Throws a Problem `version`, `tbot`, `platform`, `download`, `checksum` or `archive`,
 * or the reason of the signal.
 */
export async function install(request: InstallRequest): Promise<Tool> {
  const { inputs, cluster } = request;
  // Before anything is downloaded in vain.
  const wanted = await fittingVersion(request);
  const { tbot, ...rest } = await obtain(request, wanted);
  const version = await versionOf(tbot, { ...request, machine: request });
  const ours = tbot.source !== 'tbot-path' && tbot.source !== 'installed';
  if (wanted !== undefined && (inputs.version.kind === 'exact' || ours))
    checkSame(version, wanted, tbot);
  if (cluster)
    checkVersion(version, cluster, tbot.source === 'tbot-path' ? 'tbot-path' : 'version');
  return { path: tbot.path, version, source: tbot.source, ...rest };
}

/**
 * The tbot that `install` would come by, and nothing is downloaded: one that is here already is
 * asked for its version. Throws as that.
 */
export async function previewTool(
  request: InstallRequest,
): Promise<Pick<Tool, 'version' | 'fips'>> {
  const { inputs, cluster } = request;
  const version = await fittingVersion(request);
  if (version === undefined || inputs.tbotPath !== undefined) return install(request);
  const { fips } = buildFor(version, inputs, cluster, request);
  return { version, ...(fips && { fips: true }) };
}

interface Obtained extends Pick<Tool, 'tools' | 'fips'> {
  readonly tbot: Candidate;
}

async function obtain(request: InstallRequest, wanted: string | undefined): Promise<Obtained> {
  const { inputs, env, directories, platform, cluster } = request;
  const fips = inputs.fips === true ? { fips: true as const } : {};
  if (inputs.tbotPath !== undefined) {
    const base = directories.workspace ?? '';
    return { tbot: { path: resolve(base, inputs.tbotPath), source: 'tbot-path' }, ...fips };
  }
  if (wanted === undefined)
    return {
      tbot: {
        path: await findInstalled(env, platform, directories.workspace),
        source: 'installed',
      },
      ...fips,
    };
  const build = buildFor(wanted, inputs, cluster, request);
  if (inputs.edition === 'auto' && cluster?.edition === 'oss')
    request.ci.notice('machine-id-action', communityNotice(cluster.name));
  const { paths, ...origin } = await programsOf(request, build);
  const { tbot: path = '', ...tools } = Object.fromEntries(paths);
  return {
    tbot: { path, ...origin },
    ...(build.fips && { fips: true }),
    ...(paths.size > 1 && { tools: Object.values(tools) }),
  };
}

/** Nobody but the cluster's operator has programs of such a build. */
function communityNotice(cluster: string): string {
  return `Cluster ${cluster} runs an AGPL build (edition \`oss\`). Teleport publishes no AGPL builds, so this step uses Teleport Community Edition. Set \`edition: oss\` to accept this without a notice, or bring a tbot of your own with \`tbot-path\`.`;
}

interface Programs {
  readonly paths: ProgramPaths;
  readonly source: Source;
  /** Path of tbot in the tool cache, if it came from there. */
  readonly cachedPath?: string;
}

/** From the tool cache, else fetched. A `checksum` is about a download, which a cache cannot prove. */
async function programsOf(request: InstallRequest, build: Build): Promise<Programs> {
  const { inputs, directories, directory, platform, ci } = request;
  const programs = ['tbot', ...(inputs.tools ?? [])];
  const folder = cacheFolder(directories.toolCache, build);
  if (folder === undefined || inputs.checksum !== undefined) {
    const why = folder === undefined ? 'RUNNER_TOOL_CACHE is not set' : '`checksum` is set';
    ci.info(`The tool cache is not used: ${why}.`);
    return fetched(request, build, programs, undefined);
  }
  const taken = await takeCached({ folder, directory, programs, build });
  if (taken.kind !== 'taken') {
    tellUnused(taken, ci);
    return fetched(request, build, programs, taken.kind === 'absent' ? folder : undefined);
  }
  const files = programs.map((program) => join(folder, fileOf(program, platform)));
  const names = programs.join(', ');
  ci.info(`Using ${names} ${build.version} from the tool cache: ${files.join(', ')}`);
  const paths = await putInPlace(taken.parts, { directory, folder, platform });
  return { paths, source: 'tool-cache', cachedPath: join(folder, fileOf('tbot', platform)) };
}

/** Fetches programs into the private directory, and fills the tool cache where it has a folder for them. */
async function fetched(
  request: InstallRequest,
  build: Build,
  programs: readonly string[],
  folder: string | undefined,
): Promise<Programs> {
  const { inputs, directory, network, signal, retryPolicy, platform, ci } = request;
  const { staged, source } = await fetchPrograms({
    build,
    programs,
    options: inputs,
    directory,
    network,
    signal,
    info: ci.info,
    ...(retryPolicy && { retryPolicy }),
  });
  if (folder !== undefined) await fillCache(staged, folder, platform, ci);
  const parts = new Map([...staged].map(([program, { path }]) => [program, path]));
  return { paths: await putInPlace(parts, { directory, folder, platform }), source };
}
