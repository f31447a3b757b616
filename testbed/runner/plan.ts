import type { Folders, MachineVariables } from './job.ts';
import type { StepHooks } from './running.ts';
import type { JobState } from './step.ts';

/** Environment variables, inputs or outputs. */
export type Variables = Readonly<Record<string, string>>;

/** A step that uses a node action. */
export interface UsesStep extends StepHooks {
  readonly id?: string;
  /** Printed in the log after "Run". */
  readonly name?: string;
  /** Path of the script, absolute or relative to the working directory of the test. */
  readonly main: string;
  readonly post?: string;
  readonly inputs?: Variables;
  /**
   * The inputs that action.yml declares, with their defaults: a default is delivered where the
   * key is absent, and a key that is not declared is warned about, but delivered.
   */
  readonly declared?: Readonly<Record<string, string | undefined>>;
  readonly env?: Variables;
}

/** Options of a `run:` step. */
export interface RunOptions extends StepHooks {
  readonly env?: Variables;
}

/** A registered post step. */
export interface PendingPost {
  readonly step: Omit<UsesStep, 'main' | keyof StepHooks>;
  readonly script: string;
  readonly state: Variables;
}

/** The job of a runner. */
export interface Job extends JobState {
  readonly folders: Folders;
  readonly machine: MachineVariables;
  readonly given: Variables;
  readonly context: Variables;
  readonly node: string;
  readonly posts: PendingPost[];
}
