import { directoriesOf, jobFacts } from '../src/ci/github/job.ts';
import { releaseLinks } from '../src/ci/github/links.ts';
import type { CiPort, Environment } from '../src/ci/port.ts';

/** A call of one method of the port. */
export type Said = readonly [what: string, ...rest: string[]];

export interface Recording {
  readonly ci: CiPort;
  /** All calls, in their order. */
  readonly said: readonly Said[];
  /** Arguments of the calls of one method. */
  of(what: string): readonly (readonly string[])[];
}

/** A CI system that records calls and does nothing; its facts come from GitHub's variables in `env`. */
export function recordingCi(
  given: {
    readonly inputs?: Readonly<Record<string, string>>;
    readonly env?: Environment;
    /** The event of the job; by default the one in the file of GITHUB_EVENT_PATH. */
    readonly event?: unknown;
    readonly debugging?: boolean;
    readonly state?: Readonly<Record<string, string>>;
    /** Path of the running program. */
    readonly program?: string;
  } = {},
): Recording {
  const { env = {} } = given;
  const said: Said[] = [];
  const record =
    (what: string) =>
    (...rest: string[]): void =>
      void said.push([what, ...rest]);
  const ci: CiPort = {
    inputs: given.inputs ?? {},
    env,
    debugging: given.debugging ?? false,
    job: jobFacts(env, 'event' in given ? () => given.event : undefined),
    directories: directoriesOf(env),
    ...releaseLinks(env, given.program),
    mask: record('mask'),
    info: record('info'),
    debug: record('debug'),
    group: (title, lines) => void said.push(['group', title, ...lines]),
    notice: record('notice'),
    warning: record('warning'),
    fail: record('fail'),
    output: record('output'),
    exportVariable: record('exportVariable'),
    addPath: record('addPath'),
    saveState: record('saveState'),
    state: (name) => given.state?.[name] ?? '',
    summary: async (markdown) => record('summary')(markdown),
  };
  return {
    ci,
    said,
    of: (what) => said.filter(([name]) => name === what).map(([, ...rest]) => rest),
  };
}

/** The port in an environment, for code that only asks it for facts. */
export function ciWith(env: Environment, event?: unknown): CiPort {
  return recordingCi({ env, event }).ci;
}
