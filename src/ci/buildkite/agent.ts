import { spawnSync } from 'node:child_process';
import type { SystemContext } from '../shell/text-system.ts';

/** Milliseconds. A job that is cancelled has ten seconds by default to end. */
const patience = 5000;

/** Masks a text in the rest of the job's log. The agent ignores texts of less than six characters. */
export function maskInLog(secret: string, context: SystemContext): void {
  if (!runAgent(['redactor', 'add'], secret, context))
    context.write(
      'warning: buildkite-agent redactor add failed: the agent does not mask a secret.',
    );
}

/** Adds Markdown to the annotation of this job on the page of the build. */
export async function annotateBuild(markdown: string, context: SystemContext): Promise<void> {
  const failed = /^### .*\bfailed\b/.test(markdown);
  const name = `machine-id-${context.env['BUILDKITE_JOB_ID'] ?? ''}`;
  const style = failed ? 'error' : 'info';
  const args = ['annotate', '--context', name, '--style', style, '--append'];
  if (!runAgent(args, `${markdown}\n`, context))
    context.write('warning: buildkite-agent annotate failed: the build has no annotation.');
}

/** Runs a command of the agent, and returns whether it succeeded. */
function runAgent(
  args: readonly string[],
  input: string,
  { env }: Pick<SystemContext, 'env'>,
): boolean {
  const { status } = spawnSync('buildkite-agent', args, {
    input,
    env,
    stdio: ['pipe', 'ignore', 'ignore'],
    timeout: patience,
  });
  return status === 0;
}
