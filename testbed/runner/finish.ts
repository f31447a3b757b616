import { readdir, rm } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { endOrphans, type Orphan } from './orphans.ts';
import type { StepResult } from './step.ts';
import type { Job } from './plan.ts';
import { runPost } from './uses.ts';

/** What the end of the job brought. */
export interface JobEnd {
  /** The post steps in the order they ran: the last step's first. */
  readonly posts: readonly StepResult[];
  /** Processes of the job that were still there after the post steps. */
  readonly orphans: readonly Orphan[];
  /** Files and folders in RUNNER_TEMP after the post steps, relative, without the runner's own. */
  readonly leftInTemp: readonly string[];
}

/** How the job ends. */
export interface FinishOptions {
  /** Leaves RUNNER_TEMP as the post steps left it, so that a test can look. */
  readonly keepTemp?: boolean;
  /** Called after the post steps, before the runner tidies up. */
  readonly inspect?: () => Promise<void>;
}

/** Runs the posts, ends processes that carry the job's tracking id, empties RUNNER_TEMP. */
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

/** What cannot be removed stays, as with the real runner. */
async function empty(temp: string): Promise<void> {
  for (const name of await readdir(temp)) {
    await rm(join(temp, name), { recursive: true, force: true }).catch(() => undefined);
  }
}
