import type { Environment, Runner } from '../src/ci/port.ts';

/** One thing that was said to a CI system or asked of it. */
export type Said = readonly [what: string, ...rest: string[]];

export interface Recording {
  readonly runner: Runner;
  /** In the order in which it was said. */
  readonly said: readonly Said[];
  /** What was said by one method, without its name. */
  of(what: string): readonly (readonly string[])[];
}

/** A CI system of its own kind: it remembers what it is told and does nothing. */
export function recordingRunner(
  given: {
    readonly inputs?: Readonly<Record<string, string>>;
    readonly env?: Environment;
    readonly debugging?: boolean;
    readonly state?: Readonly<Record<string, string>>;
  } = {},
): Recording {
  const said: Said[] = [];
  const record =
    (what: string) =>
    (...rest: string[]): void =>
      void said.push([what, ...rest]);
  const runner: Runner = {
    inputs: given.inputs ?? {},
    env: given.env ?? {},
    debugging: given.debugging ?? false,
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
    runner,
    said,
    of: (what) => said.filter(([name]) => name === what).map(([, ...rest]) => rest),
  };
}
