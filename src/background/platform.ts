import { Problem } from '../problem.ts';

/**
 * Throws a Problem `platform` on Windows, where a process cannot be ended with its children, so that tbot
 * could outlive the job.
 */
export function checkPlatform(platform: string): void {
  if (platform !== 'win32') return;
  throw new Problem({
    code: 'platform',
    what: '`mode: background` is not supported on Windows.',
    fix: 'Run the job on Linux or macOS, or use `mode: oneshot`.',
  });
}
