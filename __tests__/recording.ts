import { githubActions } from '../src/ci/github/github-actions.ts';
import type { CiPort, Environment, JobFacts } from '../src/ci/port.ts';

/** A call of one method of the port. */
export type Said = readonly [what: string, ...rest: string[]];

export interface Recording {
  readonly ci: CiPort;
  /** All calls, in their order. */
  readonly said: readonly Said[];
  /** Arguments of the calls of one method. */
  of(what: string): readonly (readonly string[])[];
  /** The second argument of each call of a method by its first: values by their names. */
  values(what: string): Readonly<Record<string, string>>;
}

/** Returns a CI system that only records calls; its facts come from GitHub's variables in `env`. */
export function recordingCi(
  given: {
    readonly inputs?: Readonly<Record<string, string>>;
    readonly env?: Environment;
    /** Path of the running program. */
    readonly program?: string;
    /** Facts about the job in place of those in `env`. */
    readonly job?: Partial<JobFacts>;
    readonly debugging?: boolean;
    readonly state?: Readonly<Record<string, string>>;
  } = {},
): Recording {
  const { env = {} } = given;
  const { job, directories, documentationUrl, issuesUrl } = githubActions(env, given.program);
  const said: Said[] = [];
  const record =
    (what: string) =>
    (...rest: string[]): void =>
      void said.push([what, ...rest]);
  const ci: CiPort = {
    inputs: given.inputs ?? {},
    env,
    debugging: given.debugging ?? false,
    job: given.job === undefined ? job : { ...job, ...given.job },
    directories,
    documentationUrl,
    issuesUrl,
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
  const of: Recording['of'] = (what) =>
    said.filter(([name]) => name === what).map(([, ...rest]) => rest);
  const values: Recording['values'] = (what) =>
    Object.fromEntries(of(what).map(([name = '', value = '']) => [name, value]));
  return { ci, said, of, values };
}

/** Returns a port for code that only reads facts from it. */
export function ciWith(env: Environment, job: Partial<JobFacts> = {}): CiPort {
  return recordingCi({ env, job }).ci;
}

/** Captures what this process writes to stdout until it is disposed. */
export function captureStdout(): Disposable & { readonly text: string } {
  const { stdout } = process;
  const write = stdout.write.bind(stdout);
  let text = '';
  stdout.write = (chunk: string | Uint8Array) => ((text += String(chunk)), true);
  return {
    get text() {
      return text;
    },
    [Symbol.dispose]: () => void (stdout.write = write),
  };
}
