import type { CiPort, Environment, JobFacts } from '../port.ts';
import { savedState, type SavedState } from './saved-state.ts';
import { textLog, type TextLog } from './text-log.ts';
import type { Inputs, Passed, TextSystem } from './text-system.ts';

export interface TextPortOptions {
  readonly inputs: Inputs;
  readonly env: Environment;
  /** Shows debug messages, in addition to the system's own setting. */
  readonly debugging: boolean;
  /** Identifies the job in place of the system's variables; empty if not set. */
  readonly jobName: string;
  /** Writes one line to the log. */
  readonly write: (line: string) => void;
}

/** The port to a CI system whose log is text, and what `machine-id` needs from it in addition. */
export interface TextPort extends CiPort, Pick<TextLog, 'worded'> {
  readonly system: TextSystem;
  /** The failure of the command, and the page that explains it. */
  readonly failed: { readonly failure: unknown; readonly section: string | undefined } | undefined;
  readonly saved: SavedState;
  /** Writes one line to the log as it is. */
  readonly write: (line: string) => void;
  /** Returns what the command has passed on until now. */
  readonly passed: () => Passed;
}

/** Returns the port to a system. */
export function textPort(system: TextSystem, options: TextPortOptions): TextPort {
  const { env, inputs, write } = options;
  const context = { env, write };
  const job = jobOf(system, options);
  const directories = system.directories(env);
  const debugging = options.debugging || (system.debugging?.(env) ?? false);
  const saved = savedState(directories.temp, job.key);
  let failed: TextPort['failed'];
  return {
    system,
    inputs: { ...inputs, ...system.defaults?.(inputs, env) },
    env,
    debugging,
    job,
    directories,
    autoJoin: system.autoJoin,
    documentationUrl: () => undefined,
    issuesUrl: undefined,
    ...textLog(system, context, debugging),
    ...collected(),
    failure: (failure, section) => (failed = { failure, section }),
    get failed() {
      return failed;
    },
    saved,
    write,
    saveState: (name, value) => {
      saved.save(name, value);
      system.keepState?.(name, value, context);
    },
    state: (name) => saved.values(name).at(-1) ?? '',
    summary: async (markdown) => system.summary?.(markdown, context),
  };
}

function jobOf(system: TextSystem, { env, jobName }: TextPortOptions): JobFacts {
  const job = system.job(env);
  return jobName === '' ? job : { ...job, key: `${system.name} ${jobName}` };
}

function collected(): Pick<TextPort, 'output' | 'exportVariable' | 'addPath' | 'passed'> {
  const variables = new Map<string, string>();
  const outputs = new Map<string, string>();
  const path = new Set<string>();
  return {
    output: (name, value) => void outputs.set(name, value),
    exportVariable: (name, value) => void variables.set(name, value),
    addPath: (directory) => void path.add(directory),
    passed: () => ({
      variables: Object.fromEntries(variables),
      path: [...path],
      outputs: Object.fromEntries(outputs),
    }),
  };
}
