// Runs the jobs of one account at once.
import { readdir, readFile } from 'node:fs/promises';
import { type StartedJob, startJob } from './crowd-job.ts';
import { type CrowdResult, type CrowdTask, isCrowdTask } from './crowd-task.ts';
import { serve } from './lane.ts';

const held: StartedJob[] = [];

async function work(task: CrowdTask): Promise<CrowdResult> {
  switch (task.kind) {
    case 'start':
      return await start(task);
    case 'read':
      return { files: await readable(task.files), jobs: [] };
    case 'finish':
      return { files: [], jobs: await Promise.all(held.splice(0).map((job) => job.finish())) };
    default:
      return task satisfies never;
  }
}

/** Every second job ends while others still run; the rest waits, so that others can try to read its files. */
async function start({ jobs }: Extract<CrowdTask, { kind: 'start' }>): Promise<CrowdResult> {
  const done = await Promise.all(
    jobs.map(async (job, index) => {
      const started = await startJob(job);
      if (index % 2 === 0) return await started.finish();
      held.push(started);
      return [];
    }),
  );
  return { files: held.flatMap(({ files }) => files), jobs: done.flat() };
}

/** Returns the files and folders that this account can read. */
async function readable(paths: readonly string[]): Promise<readonly string[]> {
  const reads = paths.map(async (path) => {
    const attempts = await Promise.allSettled([readFile(path), readdir(path)]);
    return attempts.some(({ status }) => status === 'fulfilled') ? [path] : [];
  });
  return (await Promise.all(reads)).flat();
}

async function safely(task: CrowdTask): Promise<CrowdResult | { readonly error: string }> {
  return await work(task).catch((error: unknown) => ({ error: String(error) }));
}

await serve(isCrowdTask, safely);
process.exit();
