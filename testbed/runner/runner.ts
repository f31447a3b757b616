import { rm } from 'node:fs/promises';
import { resolve } from 'node:path';
import { finish, type FinishOptions, type JobEnd } from './finish.ts';
import {
  contextVariables,
  type Folders,
  type JobDescription,
  machineVariables,
  prepareFolders,
  writeEvent,
} from './job.ts';
import { createMasker, type Masker } from './masker.ts';
import { endOrphans } from './orphans.ts';
import { type Patience, runnerPatience } from './process.ts';
import type { StepResult } from './step.ts';
import type { Job, PendingPost, RunOptions, UsesStep, Variables } from './plan.ts';
import { runCommand, uses } from './uses.ts';

export { readAction } from './action.ts';
export type { JobEnd } from './finish.ts';
export type { StepResult } from './step.ts';

/** Options of a runner. */
export interface RunnerOptions {
  /** Folder of the runner. Default: a new temporary one, removed at the end. */
  readonly root?: string;
  /** Variables of the machine and of the job's permissions, such as ACTIONS_ID_TOKEN_REQUEST_URL. */
  readonly environment?: Variables;
  readonly job?: JobDescription;
  /** Values of `secrets`, which are masked from the start. */
  readonly secrets?: readonly string[];
  /** Step debug logging, as with the secret ACTIONS_STEP_DEBUG. */
  readonly debug?: boolean;
  /** Folder of a tool cache that several jobs share. */
  readonly toolCache?: string;
  /** Node for Linux arm64, for actions and PATH. Default: the Node of this process. */
  readonly arm64Node?: string;
  /** Leaves RUNNER_TEMP as an earlier job left it, whose files the real runner could not remove. */
  readonly keepTemp?: boolean;
  /** Milliseconds; see `Patience`. */
  readonly patience?: Partial<Patience>;
}

/** A stand-in for GitHub's runner with its file commands, masking, cancellation and post steps. */
export interface StandInRunner extends AsyncDisposable, Folders {
  readonly trackingId: string;
  /** The variables that earlier steps exported through GITHUB_ENV. */
  readonly exported: Variables;
  uses(step: UsesStep): Promise<StepResult>;
  run(command: string | readonly string[], options?: RunOptions): Promise<StepResult>;
  /** Registers a post step with any state, without its main step. */
  registerPost(step: PendingPost['step'] & { readonly post: string }, state?: Variables): void;
  /** Cancels the running step, if there is one. */
  cancel(): Promise<void>;
  finish(options?: FinishOptions): Promise<JobEnd>;
}

/** Creates a runner and starts a job on it. */
export async function createRunner(options: RunnerOptions = {}): Promise<StandInRunner> {
  const job = await startJob(options);
  return {
    ...job.folders,
    trackingId: job.machine.RUNNER_TRACKING_ID,
    get exported() {
      return Object.fromEntries(job.environment);
    },
    uses: async (step) => await uses(job, step),
    run: async (command, run = {}) => await runCommand(job, command, run),
    registerPost: (step, state = {}) => {
      job.posts.push({ step, script: resolve(step.post), state });
    },
    cancel: async () => await job.running?.cancel(),
    finish: async (end = {}) => await finish(job, end),
    [Symbol.asyncDispose]: async () => {
      await endOrphans(job.machine.RUNNER_TRACKING_ID);
      if (options.root === undefined) await rm(job.folders.root, { recursive: true, force: true });
    },
  };
}

async function startJob(options: RunnerOptions): Promise<Job> {
  const description = options.job ?? {};
  const repository = description.repository ?? 'acme/web';
  const folders = await prepareFolders(options, repository);
  const node = options.arm64Node ?? process.execPath;
  const arch = options.arm64Node === undefined ? process.arch : 'arm64';
  const event = await writeEvent(folders, description);
  const context = contextVariables(folders, { ...description, arch }, event);
  const machine = machineVariables(folders, node);
  const given = options.environment ?? {};
  const tokens = [machine.ACTIONS_RUNTIME_TOKEN, given['ACTIONS_ID_TOKEN_REQUEST_TOKEN'] ?? ''];
  return {
    folders,
    machine,
    context: { ...context, ...(options.debug === true ? { RUNNER_DEBUG: '1' } : {}) },
    given,
    node,
    posts: [],
    temp: folders.temp,
    masker: maskerOf([...(options.secrets ?? []), ...tokens]),
    debug: options.debug === true,
    patience: { ...runnerPatience, ...options.patience },
    environment: new Map(),
    path: [],
    running: undefined,
  };
}

function maskerOf(secrets: readonly string[]): Masker {
  const masker = createMasker();
  for (const secret of secrets) if (secret.trim() !== '') masker.add(secret);
  return masker;
}
