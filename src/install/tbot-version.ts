import { type Cluster, fetchUpgradeChannel } from '../cluster/cluster.ts';
import { checkTools, checkVersion, versionFor } from '../cluster/version.ts';
import { formatVersion, parseVersion } from '../versions/semantic.ts';
import { codeOf } from '../text/error-code.ts';
import { Problem } from '../problem.ts';
import { hasSucceeded } from '../process/child.ts';
import type { Environment } from '../ci/port.ts';
import { type CommandResult, runCommand } from '../process/short-command.ts';
import { inspectBinary, type Machine } from './inspect.ts';
import type { InstallRequest } from './request.ts';

/**
 * Returns the version to install, which is compatible with the cluster; undefined if `tbot-path` or
 * `version: installed` selects a tbot on the runner. Throws a Problem `version`.
 */
export async function fittingVersion(request: InstallRequest): Promise<string | undefined> {
  const { inputs, cluster } = request;
  const requested = await requestedVersion(request);
  if (requested !== undefined && cluster) {
    checkVersion(requested, cluster, 'version');
    checkTools(inputs.tools ?? [], requested, cluster);
  }
  return requested;
}

async function requestedVersion(request: InstallRequest): Promise<string | undefined> {
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
    what: '`version: auto` requires a Teleport Proxy that reports its version, but `proxy` is not set.',
    fix: 'Set `proxy`, or set `version` to an exact version such as `18.2.4`.',
  });
}

/** The source of tbot, which is the value of the output `tbot-source`. */
export type Source = 'tbot-path' | 'installed' | 'tool-cache' | 'image' | 'archive';

/** A file that is expected to be tbot. */
export interface TbotFile {
  /** Absolute. */
  readonly path: string;
  readonly source: Source;
  /** Its path in the tool cache; `path` is a link to it or a copy of it. */
  readonly cachedPath?: string;
}

type VersionRequest = Pick<InstallRequest, 'env' | 'signal' | 'versionDeadline'> & Machine;

/** Milliseconds. `tbot version` is fast, but a slow disk has to read 87 MB first. */
const defaultDeadline = 20_000;

const fixes: Readonly<Record<Source, string>> = {
  'tbot-path': 'Correct `tbot-path`, or remove it to download tbot.',
  installed: 'Install a working tbot on PATH, or remove `version: installed` to download it.',
  'tool-cache': 'Remove it from the tool cache, so that the next run downloads it again.',
  image: 'Install a tbot that runs on this machine, and set `tbot-path`.',
  archive: 'Install a tbot that runs on this machine, and set `tbot-path`.',
};

/**
 * Runs `tbot version` and returns the version that it prints (`Teleport v15.0.0-dev git: go1.26.8`,
 * `Teleport Enterprise v18.2.4 ...`). Throws a Problem `tbot` if the file cannot be run as tbot, or
 * the signal's reason.
 */
export async function printedVersion(tbot: TbotFile, request: VersionRequest): Promise<string> {
  const result = await run(tbot, request);
  const printed = /v(\d+\.\d+\.\d+\S*)/.exec(result.stdout)?.[1];
  const version = printed === undefined ? undefined : parseVersion(printed);
  if (version && hasSucceeded(result.exit)) return formatVersion(version);
  throw unusable(tbot, failureOf(result), result);
}

/** Throws a Problem `tbot` if the file is not a program for this machine. Does not run it. */
export async function checkRunnable(tbot: TbotFile, machine: Machine): Promise<void> {
  const defect = await inspectBinary(tbot.path, machine);
  if (defect !== undefined) throw unusable(tbot, defect);
}

async function run(tbot: TbotFile, request: VersionRequest): Promise<CommandResult> {
  const { env, signal, versionDeadline: deadline = defaultDeadline } = request;
  try {
    return await runCommand(tbot.path, ['version'], {
      env: minimal(env),
      deadline,
      signal,
    });
  } catch (error) {
    if (signal.aborted) throw error;
    throw unusable(tbot, notStarted(error));
  }
}

const passedOn = ['PATH', 'HOME', 'TMPDIR', 'TEMP', 'TMP', 'SystemRoot', 'RUNNER_TRACKING_ID'];

/** Keeps secrets from a program that is not verified yet. */
function minimal(env: Environment): Environment {
  return Object.fromEntries(
    passedOn.flatMap((name) => (env[name] === undefined ? [] : [[name, env[name]]])),
  );
}

function notStarted(error: unknown): string {
  const code = codeOf(error);
  if (code === 'ENOENT') return 'its interpreter or loader does not exist';
  if (code === 'ETXTBSY') return 'another process is writing to it';
  if (code === 'EACCES')
    return 'this user has no permission to execute it, or its file system is mounted `noexec`';
  return `the operating system cannot start it (${code ?? 'unknown error'})`;
}

function failureOf({ exit, timedOut }: CommandResult): string {
  if (timedOut) return '`tbot version` timed out';
  if (exit.kind === 'signal') return `\`tbot version\` was terminated by ${exit.signal}`;
  if (!hasSucceeded(exit)) return `\`tbot version\` failed with exit code ${exit.code}`;
  return '`tbot version` did not print a version';
}

function unusable(
  { path, source, cachedPath = path }: TbotFile,
  why: string,
  result?: CommandResult,
): Problem {
  const lines = `${result?.stdout ?? ''}\n${result?.stderr ?? ''}`.split('\n');
  const log = lines.map((line) => line.slice(0, 500)).filter((line) => line.trim() !== '');
  return new Problem({
    code: 'tbot',
    what: `${cachedPath} cannot be used as tbot: ${why}.`,
    fix: fixes[source],
    log: log.slice(-20),
  });
}

/** Throws a Problem `version` if tbot has another version than requested. */
export function checkRequestedVersion(
  version: string,
  requested: string,
  { path, source, cachedPath = path }: TbotFile,
): void {
  const plain = parseVersion(requested);
  if (plain && formatVersion(plain) === version) return;
  throw new Problem({
    code: 'version',
    what: `${cachedPath} is tbot ${version}, but ${requested} was requested.`,
    fix:
      source === 'tbot-path'
        ? `Set \`version: ${version}\`, or install tbot ${requested} at that path.`
        : source === 'tool-cache'
          ? 'Remove it from the tool cache, so that the next run downloads it again.'
          : 'Check that the files on `mirror` have the versions in their names.',
  });
}
