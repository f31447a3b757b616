import { messageOf, Problem } from './problem.ts';
import { problemSummary } from './publish/summary.ts';
import { timelineSection } from './publish/timeline-section.ts';
import type { CiPort } from './ci/port.ts';
import type { Timeline } from './timeline.ts';

const title = 'machine-id-action';

/** The page with a section for each code of a Problem. */
const problemsPage = 'docs/problems.md';

/** The number of errors that the annotation lists; the log lists all of them. */
const maxAnnotated = 5;

/**
 * Reports a failure as one annotation, followed by notes, the text to paste, facts and, in a group, the
 * end of the failed program's log. No other file reports failures. An error that is not a Problem is a
 * bug of the action. `summary` adds a job summary, with the phases of the timeline.
 */
export async function report(
  failure: unknown,
  ci: CiPort,
  summary: boolean,
  timeline?: Timeline,
): Promise<void> {
  if (!(failure instanceof Problem)) {
    ci.failure?.(failure, undefined);
    reportBug(failure, ci);
    return;
  }
  const section = sectionOf(failure, ci);
  ci.failure?.(failure, section);
  ci.fail(`${title}: ${failure.code}`, annotationOf(failure, section));
  printDetails(failure, ci);
  if (!summary) return;
  const text = problemSummary(failure, section, ci.redact);
  const phases = timeline === undefined ? '' : timelineSection(timeline, 'failed', ci.redact);
  await ci.summary(`${text}${phases}`).catch(() => undefined);
}

/**
 * Reports as a warning that a tbot in the background cannot renew the credentials. `what` is a sentence
 * about the consequence.
 */
export async function reportRenewalFailure(
  problem: Problem,
  what: string,
  ci: CiPort,
  summary: boolean,
): Promise<void> {
  const section = sectionOf(problem, ci);
  ci.warning(`${title}: ${problem.code}`, `${what}\n${annotationOf(problem, section)}`);
  printDetails(problem, ci);
  const text = problemSummary(problem, section, ci.redact, what);
  if (summary) await ci.summary(text).catch(() => undefined);
}

/** Returns the section that explains a code: a URL, or a path in the repository of the action. */
function sectionOf({ code }: Problem, { documentationUrl }: CiPort): string {
  return documentationUrl(problemsPage, code) ?? `${problemsPage}#${code}`;
}

/** Prints what the annotation does not contain. */
function printDetails(failure: Problem, ci: CiPort): void {
  const { errors, notes, facts, paste, log } = failure;
  if (errors.length > maxAnnotated) for (const line of bullets(errors)) ci.info(line);
  for (const note of notes) ci.info(note);
  if (paste !== undefined) ci.info(`\n${paste}\n`);
  if (facts) for (const line of [facts.title, ...indented(facts.lines)]) ci.info(line);
  if (log.length > 0) ci.group("End of tbot's log", log);
  if (failure.cause !== undefined) ci.debug(stackOf(failure.cause));
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
