import { createFileCommands, type FileCommands, processFileCommands } from './file-commands.ts';
import type { Masker } from './masker.ts';
import type { Invocation, Patience } from './process.ts';
import { type Ended, runProcess, type RunningStep, type StepHooks } from './running.ts';
import { type Annotation, type StepEffects, StepLog } from './step-log.ts';

/** What one step did, as the job goes on with it and as a reader sees it. */
export interface StepResult {
  readonly outcome: 'success' | 'failure' | 'cancelled';
  readonly exitCode: number | null;
  readonly signal: NodeJS.Signals | null;
  /** What a reader of the log sees: commands obeyed, secrets masked. */
  readonly log: string;
  readonly annotations: readonly Annotation[];
  /** Every line as the process wrote it, stdout and stderr as they came: unmasked. */
  readonly raw: string;
  readonly outputs: Readonly<Record<string, string>>;
  /** What the step saved for its post step. */
  readonly state: Readonly<Record<string, string>>;
  readonly stateKeys: readonly string[];
  /** Markdown of the job summary, masked. */
  readonly summary: string;
  readonly exportedEnv: Readonly<Record<string, string>>;
  readonly addedPath: readonly string[];
  readonly durationMs: number;
}

/** The parts of the job that a step reads and changes. */
export interface JobState {
  readonly temp: string;
  readonly masker: Masker;
  readonly debug: boolean;
  readonly patience: Patience;
  readonly environment: Map<string, string>;
  readonly path: string[];
  /** The process of the step that runs now. */
  running: RunningStep | undefined;
}

/** One step to run: its header in the log, and its process once the files are known. */
export interface StepPlan extends StepHooks {
  readonly header: readonly string[];
  /** A `run:` step reports its exit code as an error; an action does so itself. */
  readonly reportsExitCode: boolean;
  readonly invocation: (files: FileCommands) => Invocation;
}

/** Runs the step to its end, then takes in what it wrote to the file commands. */
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
