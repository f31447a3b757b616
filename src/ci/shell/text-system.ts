import type { AutoJoin, Directories, Environment, JobFacts } from '../port.ts';

/**
 * A CI system whose jobs run `machine-id`. Everything that is optional is absent in a plain shell; each
 * other system has a folder beside this one.
 */
export interface TextSystem {
  /** The value of the option `--ci`. */
  readonly name: string;
  /** Whether the job runs in this system. */
  readonly detect: (env: Environment) => boolean;
  readonly job: (env: Environment) => JobFacts;
  readonly directories: (env: Environment) => Directories;
  readonly autoJoin: AutoJoin;
  /** Replaces GitHub's words in messages. See `words.ts`. */
  readonly words: Words;
  readonly debugging?: (env: Environment) => boolean;
  /** Returns values of inputs that the user has not set, or has set to `auto`. */
  readonly defaults?: (given: Inputs, env: Environment) => Inputs;

  /** Returns a text in which the system's log finds no commands. Control characters are already removed. */
  readonly inert?: (text: string) => string;
  /** Masks a text in the rest of the job's log. Without it, no secret may be printed at all. */
  readonly mask?: (secret: string, context: SystemContext) => void;
  /** Prints lines in a folded group. The lines are inert and redacted. */
  readonly group?: (title: string, lines: readonly string[], context: SystemContext) => void;
  /** Shows a message in addition to the log. */
  readonly annotate?: (annotation: Annotation, context: SystemContext) => void;
  /** The log contains what `annotate` shows, so it is not printed in addition. */
  readonly annotationsAreLogged?: true;
  readonly summary?: (markdown: string, context: SystemContext) => Promise<void>;
  /** Passes variables and folders of PATH on to later steps, in addition to `--exports`. */
  readonly pass?: (passed: Passed, context: SystemContext) => void;
  /** Keeps a value for a command that the same step of the pipeline runs at the end of the job. */
  readonly keepState?: (name: string, value: string, context: SystemContext) => void;
  /**
   * Returns the value that this step of the pipeline has kept, to which `scrub` is limited; undefined if
   * the command does not run at the end of a step that has kept one.
   */
  readonly keptState?: (name: string, env: Environment) => string | undefined;
}

export type Inputs = Readonly<Record<string, string>>;

/** Pairs of a phrase and its replacement, in their order. */
export type Words = readonly (readonly [phrase: string | RegExp, replacement: string])[];

export interface SystemContext {
  readonly env: Environment;
  /** Writes a line to the log as it is: neither redacted nor inert. */
  readonly write: (line: string) => void;
}

export interface Annotation {
  readonly level: 'notice' | 'warning' | 'error';
  readonly title: string;
  readonly text: string;
}

/** What a call passes on to later commands of the job. */
export interface Passed {
  /** An empty value clears the variable. */
  readonly variables: Readonly<Record<string, string>>;
  /** Folders to put in front of PATH. */
  readonly path: readonly string[];
  readonly outputs: Readonly<Record<string, string>>;
}
