import { formatVersion, parseVersion } from '../versions/semantic.ts';
import { codeOf } from '../text/error-code.ts';
import { Problem } from '../problem.ts';
import { hasSucceeded } from '../process/child.ts';
import type { Environment } from '../ci/port.ts';
import { type CommandResult, runCommand } from '../process/short-command.ts';
import { inspectBinary, type Machine } from './inspect.ts';

/** Ways to come by a tbot; the value of the output `tbot-source`. */
export type Source = 'tbot-path' | 'installed' | 'tool-cache' | 'image' | 'archive';

/** A file that should be tbot. */
export interface Candidate {
  /** Absolute. */
  readonly path: string;
  readonly source: Source;
  /** Where the tool cache has it; `path` is a link to it, or a copy of it. */
  readonly cachedPath?: string;
}

/** Milliseconds. It answers at once; a slow disk that has to read 87 MB first is allowed for. */
const usualDeadline = 20_000;

const fixes: Readonly<Record<Source, string>> = {
  'tbot-path': 'Correct `tbot-path`, or leave it out to have tbot downloaded.',
  installed: 'Put a working tbot on PATH, or leave `version: installed` out to have it downloaded.',
  'tool-cache': 'Remove it from the tool cache of the runner, and it is downloaded again.',
  image: 'Bring a tbot that runs on this machine by `tbot-path`.',
  archive: 'Bring a tbot that runs on this machine by `tbot-path`.',
};

/** What a tbot is asked with. */
export interface Question {
  readonly machine: Machine;
  readonly env: Environment;
  readonly signal: AbortSignal;
  /** Milliseconds until `tbot version` is ended. */
  readonly deadline?: number;
}

/**
 * The version of a tbot, asked by running `tbot version` (`Teleport v15.0.0-dev git: go1.26.8`;
 * `Teleport Enterprise v18.2.4 ...`). Throws a Problem `tbot` when it cannot be run or is none.
 */
export async function versionOf(candidate: Candidate, asked: Question): Promise<string> {
  const flaw = await inspectBinary(candidate.path, asked.machine);
  if (flaw !== undefined) throw unusable(candidate, flaw);
  const ended = await run(candidate, asked);
  const found = /v(\d+\.\d+\.\d+\S*)/.exec(ended.stdout)?.[1];
  const version = found === undefined ? undefined : parseVersion(found);
  if (version && hasSucceeded(ended.exit)) return formatVersion(version);
  throw unusable(candidate, howItEnded(ended), ended);
}

async function run(candidate: Candidate, asked: Question): Promise<CommandResult> {
  const { env, signal, deadline = usualDeadline } = asked;
  try {
    return await runCommand(candidate.path, ['version'], {
      env: smallest(env),
      deadline,
      signal,
    });
  } catch (error) {
    if (signal.aborted) throw error;
    throw unusable(candidate, notStarted(error));
  }
}

const wanted = ['PATH', 'HOME', 'TMPDIR', 'TEMP', 'TMP', 'SystemRoot', 'RUNNER_TRACKING_ID'];

/** A program that is not known yet sees nothing that is secret. */
function smallest(env: Environment): Environment {
  return Object.fromEntries(
    wanted.flatMap((name) => (env[name] === undefined ? [] : [[name, env[name]]])),
  );
}

function notStarted(error: unknown): string {
  const code = codeOf(error);
  if (code === 'ENOENT') return 'the interpreter or loader that it names is missing';
  if (code === 'ETXTBSY') return 'somebody is writing to it';
  if (code === 'EACCES')
    return 'this user may not execute it, or its file system is mounted noexec';
  return `the system refuses to start it (${code ?? 'for no reason given'})`;
}

function howItEnded(ended: CommandResult): string {
  if (ended.timedOut) return '`tbot version` did not end in time';
  const { exit } = ended;
  if (exit.kind === 'signal') return `\`tbot version\` was ended by ${exit.signal}`;
  if (!hasSucceeded(exit)) return `\`tbot version\` ended with exit code ${exit.code}`;
  return '`tbot version` names no version';
}

function unusable(
  { path, source, cachedPath = path }: Candidate,
  why: string,
  ended?: CommandResult,
): Problem {
  const lines = `${ended?.stdout ?? ''}\n${ended?.stderr ?? ''}`.split('\n');
  const log = lines.map((line) => line.slice(0, 500)).filter((line) => line.trim() !== '');
  return new Problem({
    code: 'tbot',
    what: `${cachedPath} cannot be used as tbot: ${why}.`,
    fix: fixes[source],
    log: log.slice(-20),
  });
}
