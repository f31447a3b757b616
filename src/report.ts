import { messageOf, Problem } from './problem.ts';
import { problemSummary } from './publish/summary.ts';
import type { Environment, Runner } from './ci/port.ts';

const title = 'machine-id-action';

/**
 * The one place that tells the user of a failure: one annotation, what there is to read and to paste
 * below it, the end of the failed program's log in a group. Anything but a Problem is a bug of ours.
 */
export async function report(failure: unknown, runner: Runner, summary: boolean): Promise<void> {
  if (!(failure instanceof Problem)) {
    reportBug(failure, runner);
    return;
  }
  const link = linkTo(failure.code, runner.env);
  runner.fail(
    `${title}: ${failure.code}`,
    [failure.message, failure.fix, `See ${link}`].join('\n'),
  );
  for (const line of failure.details) runner.info(line);
  if (failure.paste !== undefined) runner.info(`\n${failure.paste}\n`);
  if (failure.log.length > 0) runner.group('The end of the log', failure.log);
  if (failure.cause !== undefined) runner.debug(stackOf(failure.cause));
  if (summary) await runner.summary(problemSummary(failure, link)).catch(() => undefined);
}

function reportBug(error: unknown, runner: Runner): void {
  runner.fail(
    `${title}: a bug`,
    `This is a bug of the action, not of your workflow: ${messageOf(error)}\nPlease report it with the lines below: ${repositoryOf(runner.env)}/issues`,
  );
  runner.group('Where it happened', stackOf(error).split('\n'));
}

/** Where docs/problems.md explains a code, for the version of the action that runs. */
function linkTo(code: string, env: Environment): string {
  return `${repositoryOf(env)}/blob/${env['GITHUB_ACTION_REF'] || 'main'}/docs/problems.md#${code}`;
}

function repositoryOf(env: Environment): string {
  const repository = env['GITHUB_ACTION_REPOSITORY'] || 'org/machine-id-action';
  return `${env['GITHUB_SERVER_URL'] || 'https://github.com'}/${repository}`;
}

function stackOf(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
