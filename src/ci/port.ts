import type { Environment } from '../process/child.ts';

export type { Environment };

/**
 * What the action needs from a CI system; each CI system has its own implementation.
 * `info`, `group` and the annotations accept text from the network: the implementation makes sure
 * that none of it is read as a command.
 */
export interface CiPort {
  /** The step's inputs by their names in action.yml, in lower case, as delivered. */
  readonly inputs: Readonly<Record<string, string>>;
  /**
   * Environment variables of the step: for programs that it starts, join methods, HTTP proxies and the
   * values that later steps see. Facts about the job come from `job` and `directories`.
   */
  readonly env: Environment;
  /** Whether debug logging is on for the step. */
  readonly debugging: boolean;
  readonly job: JobFacts;
  readonly directories: Directories;
  /** Tokens of the job that `join-method: auto` can use; undefined stands for those of GitHub. */
  readonly autoJoin?: AutoJoin | undefined;
  /** Returns the URL of a documentation section for the release in use; undefined if unknown. */
  readonly documentationUrl: (page: string, anchor: string) => string | undefined;
  /** Where to report a bug of this action; undefined if its repository is not known. */
  readonly issuesUrl: string | undefined;

  /** Masks a text in every later line of the job's log. Ignores an empty text. */
  readonly mask: (secret: string) => void;
  /**
   * Replaces every masked text, and each line of one. For text that is escaped before it is shown:
   * the CI system does not recognize a secret in it any more.
   */
  readonly redact: (text: string) => string;
  readonly info: (text: string) => void;
  readonly debug: (text: string) => void;
  /** Prints lines in a folded group. */
  readonly group: (title: string, lines: readonly string[]) => void;
  readonly notice: (title: string, text: string) => void;
  readonly warning: (title: string, text: string) => void;
  /** Prints one annotation and fails the step. */
  readonly fail: (title: string, text: string) => void;
  /** Receives a failure before it is printed, for a report that a program can read. */
  readonly failure?: (failure: unknown, section: string | undefined) => void;

  /**
   * Sets an output of the step. Like the three below, throws the system's error, with the `path` of
   * the file, if the CI system takes values through a file that cannot be written.
   */
  readonly output: (name: string, value: string) => void;
  /** Sets a variable for the later steps of the job; an empty value clears it. */
  readonly exportVariable: (name: string, value: string) => void;
  readonly addPath: (directory: string) => void;
  /** Keeps a value for the post step of this call. */
  readonly saveState: (name: string, value: string) => void;
  /** Returns a value that the main step saved; an empty string if it saved none. */
  readonly state: (name: string) => string;
  /** Adds Markdown to the job summary, if the CI system has one. */
  readonly summary: (markdown: string) => Promise<void>;
}

/** What the CI system knows about the job. */
export interface JobFacts {
  /** The same in all steps of a job, and different in the next job on the same machine. */
  readonly key: string;
  /** `owner/name`. */
  readonly repository: string | undefined;
  /** `refs/heads/main`, `refs/pull/7/merge` ... */
  readonly ref: string | undefined;
  /** `push`, `pull_request` ... */
  readonly eventName: string | undefined;
  /** The event is a pull request from another repository. */
  readonly fromFork: boolean;
  /** The repository is public, or not known to be private, so anyone can read the log. */
  readonly publicRepository: boolean;
  /** Host name of the GitHub Enterprise Server; undefined on github.com and *.ghe.com. */
  readonly enterpriseServer: string | undefined;
}

/** How `join-method: auto` chooses a join method. */
export interface AutoJoin {
  /** Names of join methods. The first one whose required variables are set is chosen. */
  readonly methods: readonly string[];
  /** The Problem `no-identity` of a job without such a variable: where to request a token. */
  readonly obtain: {
    readonly what: string;
    readonly fix: string;
    readonly notes?: readonly string[];
    readonly paste?: string;
  };
}

/** Absolute paths; undefined if the CI system does not set them. */
export interface Directories {
  /** Private to the job and emptied after it, unless `tempIsShared` is set. */
  readonly temp: string | undefined;
  /**
   * Jobs that run at the same time use the same `temp`. The directory of another job is then removed only if it is
   * older than a day and no process uses it.
   */
  readonly tempIsShared?: true;
  /** Where the repository is checked out. A pull request controls its content. */
  readonly workspace: string | undefined;
  /** Programs that are kept after the job, in the layout of @actions/tool-cache. */
  readonly toolCache: string | undefined;
}
