import { resolve } from 'node:path';

import type { Cluster } from '../cluster/cluster.ts';
import { exists } from '../files/files.ts';
import {
  cacheFolder,
  type Cached,
  completeMark,
  removeStaged,
  stageCached,
  type Unused,
} from './cache.ts';
import { findInstalled } from './installed.ts';
import { type Build, buildFor } from './release.ts';
import type { InstallRequest } from './request.ts';
import { checkRunnable, printedVersion, type TbotFile } from './tbot-version.ts';

/** A tbot on the runner, and the version that it prints. */
export interface TbotOfRunner {
  readonly tbot: TbotFile;
  readonly version: string;
}

/**
 * The part of an installation that starts while the cluster is queried. Its failures are thrown only
 * where `install` needs the result, so a failure of the query is reported first.
 */
export interface EarlyWork extends AsyncDisposable {
  /** Undefined unless the inputs select a tbot on the runner. */
  readonly tbotOfRunner: Promise<TbotOfRunner> | undefined;
  /** Returns the programs that were staged from a folder of the tool cache; undefined if they were not. */
  readonly take: (folder: string) => Promise<Cached | Unused | undefined>;
}

type EarlyRequest = Omit<InstallRequest, 'cluster' | 'network'>;

/**
 * Starts the early part, and returns once `tbot version` runs, because loading the HTTP client would
 * delay its start. Disposing of it waits until it has ended, and removes files that were not used.
 */
export async function startEarly(request: EarlyRequest): Promise<EarlyWork> {
  const ended = new AbortController();
  const signal = AbortSignal.any([request.signal, ended.signal]);
  const own = { ...request, signal };
  const { inputs } = request;
  const onRunner = inputs.tbotPath !== undefined || inputs.version.kind === 'installed';
  const found = onRunner ? findTbot(own) : undefined;
  const tbot = found?.then(async (file) => withVersion(file, own));
  let staged = onRunner ? undefined : stageOnlyBuild(own);
  for (const work of [tbot, staged]) work?.catch(() => undefined);
  await found?.catch(() => undefined);
  return {
    tbotOfRunner: tbot,
    take: async (folder) => {
      const work = await staged;
      if (work?.folder !== folder) return undefined;
      staged = undefined;
      return work.result;
    },
    [Symbol.asyncDispose]: async () => {
      ended.abort();
      await tbot?.catch(() => undefined);
      const work = await staged?.catch(() => undefined);
      if (work) await removeStaged(work.result);
    },
  };
}

/** Returns the tbot in `tbot-path` or on PATH, and its version. Throws a Problem `tbot`. */
export async function tbotOfRunner(request: EarlyRequest): Promise<TbotOfRunner> {
  return withVersion(await findTbot(request), request);
}

async function withVersion(tbot: TbotFile, request: EarlyRequest): Promise<TbotOfRunner> {
  return { tbot, version: await printedVersion(tbot, request) };
}

async function findTbot(request: EarlyRequest): Promise<TbotFile> {
  const { inputs, env, directories, platform } = request;
  const tbot: TbotFile =
    inputs.tbotPath === undefined
      ? {
          path: await findInstalled(env, platform, directories.workspace),
          source: 'installed',
        }
      : { path: resolve(directories.workspace ?? '', inputs.tbotPath), source: 'tbot-path' };
  await checkRunnable(tbot, request);
  return tbot;
}

/** Returns the programs to install. */
export function programsFor({ tools = [] }: InstallRequest['inputs']): readonly string[] {
  return ['tbot', ...tools];
}

interface StagedFolder {
  readonly folder: string;
  readonly result: Cached | Unused;
}

/**
 * Stages the programs from the tool cache if `version` is exact and the cache contains only one of the
 * builds that the cluster can select.
 */
async function stageOnlyBuild(request: EarlyRequest): Promise<StagedFolder | undefined> {
  const { inputs, directories, directory, signal } = request;
  // With these, `install` does not use the tool cache.
  if (inputs.checksum !== undefined || inputs.signatureKey !== undefined) return undefined;
  if (inputs.version.kind !== 'exact') return undefined;
  const cached = new Map<string, Build>();
  for (const cluster of answers) {
    const build = buildFor(inputs.version.version, inputs, cluster, request);
    const folder = cacheFolder(directories.toolCache, build);
    if (folder !== undefined && (await exists(completeMark(folder)))) cached.set(folder, build);
  }
  const [only, ...others] = cached;
  if (only === undefined || others.length > 0) return undefined;
  const [folder, build] = only;
  const programs = programsFor(inputs);
  return { folder, result: await stageCached({ folder, directory, programs, build, signal }) };
}

/** What a cluster can answer, as far as the build depends on it. */
const answers: readonly Pick<Cluster, 'edition' | 'fips'>[] = [
  { edition: 'community', fips: false },
  { edition: 'community', fips: true },
  { edition: 'enterprise', fips: false },
  { edition: 'enterprise', fips: true },
];
