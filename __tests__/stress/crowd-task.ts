import type { CrowdJob, JobReport } from './crowd-job.ts';

/** What the jobs of one account do next. */
export type CrowdTask =
  /** Run these jobs at once. */
  | { readonly kind: 'start'; readonly jobs: readonly CrowdJob[] }
  /** Try to read these files of other accounts. */
  | { readonly kind: 'read'; readonly files: readonly string[] }
  /** Run the post steps of the jobs that wait. */
  | { readonly kind: 'finish' };

export interface CrowdResult {
  /** After `start`, the files of the jobs that wait; after `read`, those that could be read. */
  readonly files: readonly string[];
  /** The jobs that have ended. */
  readonly jobs: readonly JobReport[];
}

/** Returns whether a message to a lane is a task. */
export function isCrowdTask(message: unknown): message is CrowdTask {
  return typeof message === 'object' && message !== null && 'kind' in message;
}

/** Returns whether a message of a lane is a result. */
export function isCrowdResult(message: unknown): message is CrowdResult {
  return typeof message === 'object' && message !== null && 'jobs' in message;
}
