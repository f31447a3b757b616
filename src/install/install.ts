import { join } from 'node:path';

import { checkVersion } from '../cluster/version.ts';
import { cacheFolder, stageCached, reportUnused } from './cache.ts';
import { fillCache } from './cache-fill.ts';
import { fetchPrograms } from './fetch.ts';
import { isVersionProven, type RecordedTbot, recordVersion } from './cache-proof.ts';
import { programsFor, tbotOfRunner } from './early.ts';
import { formatVersion, parseVersion } from '../versions/semantic.ts';
import type { PublicKey } from '../inputs/public-keys.ts';
import { trustedKeys } from './signature/trusted-keys.ts';
import { type Build, buildFor, fileOf } from './release.ts';
import type { InstallRequest } from './request.ts';
import { moveIntoPlace, type ProgramPaths } from './staging.ts';
import {
  checkRequestedVersion,
  checkRunnable,
  fittingVersion,
  type Source,
  type TbotFile,
  printedVersion,
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
 * Installs the tbot that the inputs request. Throws a Problem `inputs`, `version`, `tbot`, `platform`,
 * `download`, `checksum`, `signature` or `archive`, also if tbot cannot run on this machine or is
 * incompatible with the cluster, or the signal's reason.
 */
export async function install(request: InstallRequest): Promise<Tool> {
  const { inputs, cluster } = request;
  // First, so that an incompatible version is not downloaded.
  const requested = await fittingVersion(request);
  request.onVersion?.(requested);
  const keys = await trustedKeys(inputs.signatureKey, request);
  const { tbot, version, record, ...rest } = await obtain({ ...request, keys }, requested);
  const ours = tbot.source !== 'tbot-path' && tbot.source !== 'installed';
  if (requested !== undefined && (inputs.version.kind === 'exact' || ours))
    checkRequestedVersion(version, requested, tbot);
  if (record !== undefined) await recordVersion(record);
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
  await trustedKeys(inputs.signatureKey, request);
  const { fips } = buildFor(version, inputs, cluster, request);
  return { version, ...(fips && { fips: true }) };
}

interface Obtained extends Pick<Tool, 'version' | 'tools' | 'fips'> {
  readonly tbot: TbotFile;
  /** Where the tool cache can record the version. */
  readonly record?: RecordedTbot;
}

/** A request with the keys of `signature-key`. */
interface KeyedRequest extends InstallRequest {
  readonly keys: readonly PublicKey[] | undefined;
}

async function obtain(request: KeyedRequest, requested: string | undefined): Promise<Obtained> {
  const { inputs, cluster, early } = request;
  if (requested === undefined || inputs.tbotPath !== undefined)
    return {
      ...(await (early?.tbotOfRunner ?? tbotOfRunner(request))),
      ...(inputs.fips === true && { fips: true }),
    };
  const build = buildFor(requested, inputs, cluster, request);
  if (inputs.edition === 'auto' && cluster?.edition === 'oss')
    request.ci.notice('machine-id-action', communityNotice(cluster.name));
  const { paths, recorded, ...origin } = await programsOf(request, build);
  const { tbot: path = '', ...tools } = Object.fromEntries(paths);
  const tbot = { path, ...origin };
  return {
    tbot,
    ...(await provenVersion(tbot, recorded, build.version, request)),
    ...(build.fips && { fips: true }),
    ...(paths.size > 1 && { tools: Object.values(tools) }),
  };
}

function communityNotice(cluster: string): string {
  return `Cluster ${cluster} runs an AGPL build (edition \`oss\`). Teleport publishes no AGPL builds, so this step uses Teleport Community Edition. Set \`edition: oss\` to suppress this notice, or set \`tbot-path\` to your own build of tbot.`;
}

/**
 * Returns the version of tbot. Runs `tbot version`, unless an earlier step did so with the same file from
 * the tool cache.
 */
async function provenVersion(
  tbot: TbotFile,
  record: RecordedTbot | undefined,
  expected: string,
  request: InstallRequest,
): Promise<Pick<Obtained, 'version' | 'record'>> {
  await checkRunnable(tbot, request);
  const plain = parseVersion(expected);
  if (plain && record && (await isVersionProven(record))) return { version: formatVersion(plain) };
  // Also for a signed tbot: a signature covers its bytes, not the version that was requested.
  return { version: await printedVersion(tbot, request), ...(record && { record }) };
}

interface Programs {
  readonly paths: ProgramPaths;
  readonly source: Source;
  /** Path of tbot in the tool cache, if it came from there. */
  readonly cachedPath?: string;
  /** Undefined if the tool cache does not contain tbot with a record. */
  readonly recorded: RecordedTbot | undefined;
}

/**
 * Uses the tool cache, or downloads. `checksum` and `signature-key` require a download to compare with:
 * they do not cover the files in the cache, which other jobs can change.
 */
async function programsOf(request: KeyedRequest, build: Build): Promise<Programs> {
  const { inputs, directories, directory, platform, ci, early, signal } = request;
  const programs = programsFor(inputs);
  const folder = cacheFolder(directories.toolCache, build);
  const verified = inputs.checksum !== undefined ? 'checksum' : request.keys && 'signature-key';
  if (folder === undefined || verified !== undefined) {
    const why = folder === undefined ? 'RUNNER_TOOL_CACHE is not set' : `\`${verified}\` is set`;
    ci.info(`The tool cache is not used: ${why}.`);
    return downloaded(request, build, programs, undefined);
  }
  const query = { folder, directory, programs, build, signal };
  const cached = (await early?.take(folder)) ?? (await stageCached(query));
  if (cached.kind !== 'cached') {
    reportUnused(cached, ci);
    return downloaded(request, build, programs, cached.kind === 'untrusted' ? undefined : folder);
  }
  const files = programs.map((program) => join(folder, fileOf(program, platform)));
  const names = programs.join(', ');
  ci.info(`Using ${names} ${build.version} from the tool cache: ${files.join(', ')}`);
  const paths = await moveIntoPlace(cached.parts, { directory, folder, platform });
  const { tbotDigest: digest } = cached;
  return {
    paths,
    source: 'tool-cache',
    cachedPath: join(folder, fileOf('tbot', platform)),
    recorded: digest === undefined ? undefined : { folder, digest },
  };
}

/** Downloads programs into the private directory, and into a folder of the tool cache if there is one. */
async function downloaded(
  request: KeyedRequest,
  build: Build,
  programs: readonly string[],
  folder: string | undefined,
): Promise<Programs> {
  const { inputs, keys, directory, network, signal, onBytes, retryPolicy, platform, ci } = request;
  const { staged, source } = await fetchPrograms({
    build,
    programs,
    options: inputs,
    keys,
    directory,
    network,
    signal,
    info: ci.info,
    ...(onBytes && { onBytes }),
    ...(retryPolicy && { retryPolicy }),
  });
  const filled = folder !== undefined && (await fillCache(staged, folder, platform, ci));
  const parts = new Map([...staged].map(([program, { path }]) => [program, path]));
  const paths = await moveIntoPlace(parts, { directory, folder, platform });
  const { digest } = staged.get('tbot') ?? {};
  return { paths, source, recorded: filled && digest ? { folder, digest } : undefined };
}
