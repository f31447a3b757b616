import { createFileCommands, type FileCommands, processFileCommands } from './file-commands.ts';
import type { Masker } from './masker.ts';
import type { Invocation, Patience } from './process.ts';
import { type Ended, runProcess, type RunningStep, type StepHooks } from './running.ts';
import { type Annotation, type StepEffects, StepLog } from './step-log.ts';

/** The result of a step. */
export interface StepResult {
  readonly outcome: 'success' | 'failure' | 'cancelled';
  readonly exitCode: number | null;
  readonly signal: NodeJS.Signals | null;
  /** The log, with commands processed and secrets masked. */
  readonly log: string;
  readonly annotations: readonly Annotation[];
  /** The unmasked lines of stdout and stderr. */
  readonly raw: string;
  readonly outputs: Readonly<Record<string, string>>;
  /** The saved state for the post step. */
  readonly state: Readonly<Record<string, string>>;
  readonly stateKeys: readonly string[];
  /** The masked Markdown of the job summary. */
  readonly summary: string;
  readonly exportedEnv: Readonly<Record<string, string>>;
  readonly addedPath: readonly string[];
  readonly durationMs: number;
}

/** The state of the job that steps read and change. */
export interface JobState {
  readonly temp: string;
  readonly masker: Masker;
  readonly debug: boolean;
  readonly patience: Patience;
  readonly environment: Map<string, string>;
  readonly path: string[];
  /** The process of the running step. */
  running: RunningStep | undefined;
}

/** A step to run. Its process depends on the paths of the file commands. */
export interface StepPlan extends StepHooks {
  readonly header: readonly string[];
  /** Whether the runner reports the exit code as an error, as for a `run:` step. */
  readonly reportsExitCode: boolean;
  readonly invocation: (files: FileCommands) => Invocation;
}

/** Runs a step until it exits and then reads its file commands. */
export async function runStep(job: JobState, plan: StepPlan): Promise<StepResult> {
  const files = await createFileCommands(job.temp);
  const effects = { outputs: new Map<string, string>(), state: new Map<string, string>() };
  const log = new StepLog(job.masker, effects, { debug: job.debug });
  const raw: string[] = [];
  for (const line of plan.header) log.write(line);
  const started = performance.now();
  const ended = await runProcess(plan.invocation(files), plan, {
    patience: job.patience,
    receive: (line) => {
      raw.push(line);
      log.receive(line);
    },
    running: (step) => {
      job.running = step;
    },
  });
  const durationMs = performance.now() - started;
  if (plan.reportsExitCode || ended.cancelled) reportEnding(log, ended);
  const changes = await takeFiles(job, log, effects, files);
  return {
    outcome: outcomeOf(ended, log),
    exitCode: ended.exitCode,
    signal: ended.signal,
    log: log.lines.join('\n'),
    annotations: log.annotations,
    raw: raw.join('\n'),
    outputs: Object.fromEntries(effects.outputs),
    state: Object.fromEntries(effects.state),
    stateKeys: [...effects.state.keys()],
    ...changes,
    durationMs,
  };
}

function reportEnding(log: StepLog, ended: Ended): void {
  if (ended.cancelled) return log.error('The operation was canceled.');
  if (ended.exitCode === 0) return;
  log.error(`Process completed with exit code ${ended.exitCode ?? ended.signal}.`);
}

function outcomeOf(ended: Ended, log: StepLog): StepResult['outcome'] {
  if (ended.cancelled) return 'cancelled';
  return ended.exitCode !== 0 || log.failed ? 'failure' : 'success';
}

async function takeFiles(
  job: JobState,
  log: StepLog,
  effects: StepEffects,
  files: FileCommands,
): Promise<Pick<StepResult, 'summary' | 'exportedEnv' | 'addedPath'>> {
  const environment = new Map<string, string>();
  const path: string[] = [];
  let summary = '';
  await processFileCommands(files, {
    path,
    environment,
    state: effects.state,
    outputs: effects.outputs,
    summary: (text) => {
      summary = job.masker.mask(text);
    },
    error: (message) => log.error(message),
    fail: () => log.fail(),
  });
  for (const [name, value] of environment) job.environment.set(name, value);
  for (const folder of path) {
    const known = job.path.indexOf(folder);
    if (known >= 0) job.path.splice(known, 1);
    job.path.push(folder);
  }
  return { summary, exportedEnv: Object.fromEntries(environment), addedPath: path };
}
