import { messageOf, Problem } from './problem.ts';
import { problemSummary } from './publish/summary.ts';
import type { CiPort } from './ci/port.ts';

const title = 'machine-id-action';

/** The page with a section for each code of a Problem. */
const problemsPage = 'docs/problems.md';

/**
 * Reports a failure as one annotation, followed by the details, the text to paste and, in a group,
 * the end of the failed program's log. No other code reports failures. Anything but a Problem is a
 * bug of the action. `summary` adds a job summary.
 */
export async function report(failure: unknown, ci: CiPort, summary: boolean): Promise<void> {
  if (!(failure instanceof Problem)) {
    reportBug(failure, ci);
    return;
  }
  const section =
    ci.documentationUrl(problemsPage, failure.code) ?? `${problemsPage}#${failure.code}`;
  ci.fail(`${title}: ${failure.code}`, [failure.message, failure.fix, `See ${section}`].join('\n'));
  for (const line of failure.details) ci.info(line);
  if (failure.paste !== undefined) ci.info(`\n${failure.paste}\n`);
  if (failure.log.length > 0) ci.group('The end of the log', failure.log);
  if (failure.cause !== undefined) ci.debug(stackOf(failure.cause));
  if (summary) await ci.summary(problemSummary(failure, section)).catch(() => undefined);
}

function reportBug(error: unknown, ci: CiPort): void {
  const where = ci.issuesUrl === undefined ? '.' : `: ${ci.issuesUrl}`;
  ci.fail(
    `${title}: a bug`,
    `This is a bug of the action, not of your workflow: ${messageOf(error)}\nPlease report it with the lines below${where}`,
  );
  ci.group('Where it happened', stackOf(error).split('\n'));
}

function stackOf(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
