import { readdir, rm } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { endOrphans, type Orphan } from './orphans.ts';
import type { StepResult } from './step.ts';
import type { Job } from './plan.ts';
import { runPost } from './uses.ts';

/** The result of the end of a job. */
export interface JobEnd {
  /** The post steps in their order: that of the last step is first. */
  readonly posts: readonly StepResult[];
  /** Processes of the job that remained after the post steps. */
  readonly orphans: readonly Orphan[];
  /** Relative paths in RUNNER_TEMP after the post steps, without the files of the runner. */
  readonly leftInTemp: readonly string[];
}

/** Options for the end of a job. */
export interface FinishOptions {
  /** Does not empty RUNNER_TEMP, so that a test can inspect it. */
  readonly keepTemp?: boolean;
  /** Called after the post steps, before the runner cleans up. */
  readonly inspect?: () => Promise<void>;
}

/** Runs the post steps, ends the processes with the job's tracking ID and empties RUNNER_TEMP. */
export async function finish(job: Job, options: FinishOptions): Promise<JobEnd> {
  const posts: StepResult[] = [];
  for (const post of job.posts.splice(0).toReversed()) posts.push(await runPost(job, post));
  await options.inspect?.();
  const orphans = await endOrphans(job.machine.RUNNER_TRACKING_ID);
  const leftInTemp = await listTemp(job.temp);
  if (options.keepTemp !== true) await empty(job.temp);
  return { posts, orphans, leftInTemp };
}

const runnersOwn = /^(?:_runner_file_commands|_github_workflow|[\da-f-]{36}\.sh$)/;

async function listTemp(temp: string): Promise<readonly string[]> {
  const entries = await readdir(temp, { recursive: true, withFileTypes: true });
  return entries
    .map((entry) => relative(temp, join(entry.parentPath, entry.name)))
    .filter((path) => !runnersOwn.test(path))
    .toSorted();
}

/** Files that cannot be removed remain, as with the real runner. */
async function empty(temp: string): Promise<void> {
  for (const name of await readdir(temp)) {
    await rm(join(temp, name), { recursive: true, force: true }).catch(() => undefined);
  }
}
