import { dirname, join, resolve } from 'node:path';

import { checkVersion } from '../cluster/version.ts';
import type { Environment } from '../ci/port.ts';
import { allOnPath, exists, liesBelow } from '../files/files.ts';
import { Problem } from '../problem.ts';
import { cacheFolder, stageCached, reportUnused } from './cache.ts';
import { fillCache } from './cache-fill.ts';
import { fetchPrograms } from './fetch.ts';
import { type Build, buildFor, fileOf } from './release.ts';
import type { InstallRequest } from './request.ts';
import { moveIntoPlace, type ProgramPaths } from './staging.ts';
import {
  checkRequestedVersion,
  fittingVersion,
  type Source,
  type TbotFile,
  versionOf,
} from './tbot-version.ts';

/** A tbot that runs on this machine and is compatible with the cluster. */
export interface Tool {
  /** Absolute. */
  readonly path: string;
  /** As printed by `tbot version`, without a `v`. */
  readonly version: string;
  readonly source: Source;
  /** Absolute paths of tsh and tctl, if they were requested. */
  readonly tools?: readonly string[];
  /** It is a FIPS build and runs in FIPS mode. */
  readonly fips?: true;
}

/**
 * Installs the tbot that the inputs request. Throws a Problem `version`, `tbot`, `platform`,
 * `download`, `checksum` or `archive`, also if tbot cannot run on this machine or is incompatible with
 * the cluster, or the signal's reason.
 */
export async function install(request: InstallRequest): Promise<Tool> {
  const { inputs, cluster } = request;
  // First, so that an incompatible version is not downloaded.
  const requested = await fittingVersion(request);
  request.onVersion?.(requested);
  const { tbot, ...rest } = await obtain(request, requested);
  const version = await versionOf(tbot, request);
  const ours = tbot.source !== 'tbot-path' && tbot.source !== 'installed';
  if (requested !== undefined && (inputs.version.kind === 'exact' || ours))
    checkRequestedVersion(version, requested, tbot);
  if (cluster)
    checkVersion(version, cluster, tbot.source === 'tbot-path' ? 'tbot-path' : 'version');
  return { path: tbot.path, version, source: tbot.source, ...rest };
}

/**
 * Returns the version that `install` would provide without downloading it. Runs a tbot that is already
 * on the machine. Throws the Problems of `install`.
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
  readonly tbot: TbotFile;
}

async function obtain(request: InstallRequest, requested: string | undefined): Promise<Obtained> {
  const { inputs, env, directories, platform, cluster } = request;
  const fips = inputs.fips === true ? { fips: true as const } : {};
  if (inputs.tbotPath !== undefined) {
    const base = directories.workspace ?? '';
    return { tbot: { path: resolve(base, inputs.tbotPath), source: 'tbot-path' }, ...fips };
  }
  if (requested === undefined)
    return {
      tbot: {
        path: await findInstalled(env, platform, directories.workspace),
        source: 'installed',
      },
      ...fips,
    };
  const build = buildFor(requested, inputs, cluster, request);
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

function communityNotice(cluster: string): string {
  return `Cluster ${cluster} runs an AGPL build (edition \`oss\`). Teleport publishes no AGPL builds, so this step uses Teleport Community Edition. Set \`edition: oss\` to suppress this notice, or set \`tbot-path\` to your own build of tbot.`;
}

/**
 * Returns the first tbot on PATH that is not in the workspace, whose content a pull request controls.
 * Throws a Problem `tbot`.
 */
async function findInstalled(
  env: Environment,
  platform: string,
  workspace: string | undefined,
): Promise<string> {
  const found = await allOnPath('tbot', env, platform);
  for (const path of found) if (!(await isInside(path, workspace))) return path;
  const [ignored] = found;
  throw ignored === undefined ? noneOnPath() : noneOutside(ignored);
}

/** Checks the directory too, because a link in the workspace can be changed as well. */
async function isInside(path: string, workspace: string | undefined): Promise<boolean> {
  if (!workspace || !(await exists(workspace))) return false;
  return (await liesBelow(path, workspace)) || liesBelow(dirname(path), workspace);
}

function noneOnPath(): Problem {
  return new Problem({
    code: 'tbot',
    what: '`version: installed` is set, but tbot was not found on PATH.',
    fix: 'Install tbot on the runner, or remove `version` to download it.',
  });
}

function noneOutside(ignored: string): Problem {
  return new Problem({
    code: 'tbot',
    what: `\`version: installed\` found no tbot on PATH outside the workspace. ${ignored} was ignored: it is in the workspace, whose content a pull request controls.`,
    fix: 'Install tbot outside the workspace, remove `version` to download it, or set `tbot-path` if you trust that file.',
  });
}

interface Programs {
  readonly paths: ProgramPaths;
  readonly source: Source;
  /** Path of tbot in the tool cache, if it came from there. */
  readonly cachedPath?: string;
}

/** Uses the tool cache, or downloads. `checksum` requires a download to compare with. */
async function programsOf(request: InstallRequest, build: Build): Promise<Programs> {
  const { inputs, directories, directory, platform, ci } = request;
  const programs = ['tbot', ...(inputs.tools ?? [])];
  const folder = cacheFolder(directories.toolCache, build);
  if (folder === undefined || inputs.checksum !== undefined) {
    const why = folder === undefined ? 'RUNNER_TOOL_CACHE is not set' : '`checksum` is set';
    ci.info(`The tool cache is not used: ${why}.`);
    return downloaded(request, build, programs, undefined);
  }
  const cached = await stageCached({ folder, directory, programs, build });
  if (cached.kind !== 'cached') {
    reportUnused(cached, ci);
    return downloaded(request, build, programs, cached.kind === 'absent' ? folder : undefined);
  }
  const files = programs.map((program) => join(folder, fileOf(program, platform)));
  const names = programs.join(', ');
  ci.info(`Using ${names} ${build.version} from the tool cache: ${files.join(', ')}`);
  const paths = await moveIntoPlace(cached.parts, { directory, folder, platform });
  return { paths, source: 'tool-cache', cachedPath: join(folder, fileOf('tbot', platform)) };
}

/** Downloads programs into the private directory, and into a folder of the tool cache if there is one. */
async function downloaded(
  request: InstallRequest,
  build: Build,
  programs: readonly string[],
  folder: string | undefined,
): Promise<Programs> {
  const { inputs, directory, network, signal, onBytes, retryPolicy, platform, ci } = request;
  const { staged, source } = await fetchPrograms({
    build,
    programs,
    options: inputs,
    directory,
    network,
    signal,
    info: ci.info,
    ...(onBytes && { onBytes }),
    ...(retryPolicy && { retryPolicy }),
  });
  if (folder !== undefined) await fillCache(staged, folder, platform, ci);
  const parts = new Map([...staged].map(([program, { path }]) => [program, path]));
  return { paths: await moveIntoPlace(parts, { directory, folder, platform }), source };
}
