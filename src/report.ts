import { messageOf, Problem } from './problem.ts';
import { problemSummary } from './publish/summary.ts';
import type { CiPort } from './ci/port.ts';

const title = 'machine-id-action';

/** The page with a section for each code of a Problem. */
const problemsPage = 'docs/problems.md';

/** The number of errors that the annotation lists; the log lists all of them. */
const maxAnnotated = 5;

/**
 * Reports a failure as one annotation, followed by notes, the text to paste, facts and, in a group, the
 * end of the failed program's log. No other code reports failures. An error that is not a Problem is a
 * bug of the action. `summary` adds a job summary.
 */
export async function report(failure: unknown, ci: CiPort, summary: boolean): Promise<void> {
  if (!(failure instanceof Problem)) {
    reportBug(failure, ci);
    return;
  }
  const section =
    ci.documentationUrl(problemsPage, failure.code) ?? `${problemsPage}#${failure.code}`;
  ci.fail(`${title}: ${failure.code}`, annotationOf(failure, section));
  const { errors, notes, facts, paste, log } = failure;
  if (errors.length > maxAnnotated) for (const line of bullets(errors)) ci.info(line);
  for (const note of notes) ci.info(note);
  if (paste !== undefined) ci.info(`\n${paste}\n`);
  if (facts) for (const line of [facts.title, ...indented(facts.lines)]) ci.info(line);
  if (log.length > 0) ci.group("End of tbot's log", log);
  if (failure.cause !== undefined) ci.debug(stackOf(failure.cause));
  if (summary) await ci.summary(problemSummary(failure, section)).catch(() => undefined);
}

function annotationOf({ message, errors, fix }: Problem, section: string): string {
  const more = errors.length - maxAnnotated;
  return [
    message,
    ...bullets(errors.slice(0, maxAnnotated)),
    ...(more > 0 ? [`- and ${more} more in the log`] : []),
    fix,
    `See ${section}`,
  ].join('\n');
}

function indented(lines: readonly string[]): readonly string[] {
  return lines.map((line) => `  ${line}`);
}

function bullets(errors: readonly string[]): readonly string[] {
  return errors.map((error) => `- ${error}`);
}

function reportBug(error: unknown, ci: CiPort): void {
  const at = ci.issuesUrl === undefined ? '' : ` at ${ci.issuesUrl}`;
  ci.fail(
    `${title}: bug`,
    `This is a bug in the action, not in your workflow: ${messageOf(error)}\nReport it${at} with the stack trace from the log.`,
  );
  ci.group('Stack trace', stackOf(error).split('\n'));
}

function stackOf(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
