import { methodOf } from '../../methods/index.ts';
import { printable } from '../../text/characters.ts';
import type { JoinContext } from './diagnosis.ts';

/** Lines shown of the log of a program that failed. */
const tailLength = 20;
const longestLine = 400;
/** Somebody's page in it could go on without end. */
const longestError = 8000;

/**
 * A line of text as it may be shown: without colours, control characters and whatever looks like a
 * token or a private key, and not endless.
 */
export function clean(line: string): string {
  return cut(plain([line]).join(' '));
}

/** The lines of a log as they may be shown; a private key may span them. */
export function cleanLog(log: readonly string[]): readonly string[] {
  return plain(log).map(cut);
}

/** The lines without colours, secrets and control characters; a private key may span them. */
function plain(lines: readonly string[]): readonly string[] {
  return withoutSecrets(lines.join('\n').replace(escapeSequence, ''))
    .split('\n')
    .map((line) => printable(line));
}

function cut(line: string): string {
  return shortened(line, longestLine).trimEnd();
}

/**
 * A text of at most so many characters. Leaves out a word that does not fit, because a part of a
 * secret would not be masked.
 */
export function shortened(text: string, longest: number): string {
  if (text.length <= longest) return text;
  return `${text
    .slice(0, longest - ellipsis.length)
    .replace(/\S*$/, '')
    .trimEnd()}${ellipsis}`;
}

const ellipsis = ' ...';

/* oxlint-disable no-control-regex -- they are what is looked for */
const escapeSequence =
  /\u001b(?:\[[0-?]*[ -/]*[@-~]|\][^\u0007\u001b]*(?:\u0007|\u001b\\)?|[@-Z\\^_])/g;
/* oxlint-enable no-control-regex */

/** Takes out what looks like a JWT, a bearer token or a private key, also one cut short. */
export function withoutSecrets(text: string): string {
  return text
    .replace(privateKey, '[key removed]')
    .replace(/eyJ[\w+/=-]*(?:\.[\w+/=-]*)*/g, '[token removed]')
    .replace(/\b(bearer)\s+[\w.~+/=-]{8,}/gi, '$1 [token removed]');
}

const privateKey =
  /-----BEGIN[^-]*PRIVATE KEY-----(?:(?:\s|\\n)*[\w+/=]{32,})*(?:(?:\s|\\n|[\w+/=])*-----END[^-]*-----)?/g;

/** Takes out what names an Azure machine: ids and resource paths. */
export function withoutMachine(text: string): string {
  return text
    .replace(/\/subscriptions\/[^\s"',]+/gi, '[hidden]')
    .replace(/\b[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\b/gi, '[hidden]');
}

/** What decides whether a log may name the machine. */
type Audience = Pick<JoinContext, 'identity' | 'job'>;

/**
 * Returns a function that removes colours, control characters and everything that looks like a secret
 * from a line, and on a public repository also what names the machine.
 */
export function presentableLine(context: Audience): (line: string) => string {
  const hide = methodOf(context.identity.method).privateMachine && context.job.publicRepository;
  return (line) => (hide ? withoutMachine(clean(line)) : clean(line));
}

/** Returns the lines of a whole log as they may be shown; a private key may span them. */
export function presentableLog(log: readonly string[], context: Audience): readonly string[] {
  return cleanLog(log).map(presentableLine(context));
}

/** The end of the log, cleaned, without stack traces and empty lines. */
export function logTail(log: readonly string[]): readonly string[] {
  return cleanLog(log)
    .filter((line) => line !== '' && !isStackFrame(line))
    .slice(-tailLength);
}

/**
 * What tbot says went wrong, on one line: its last error, without colour, stack traces and the noise
 * of the second way of connecting; empty when it said nothing, or nothing but noise.
 */
export function errorText(log: readonly string[]): string {
  return withoutNoise(lastError(log));
}

/** The last error with its noise, on one line; empty when the log ends without one. */
export function lastError(log: readonly string[]): string {
  const lines = plain(log).map(unescaped);
  const start = startOfError(lines);
  if (start === undefined) return '';
  return withoutReport(
    lines
      .slice(start)
      .filter((line) => !isLogLine(line) && !isStackFrame(line))
      .join(' '),
  )
    .slice(0, longestError)
    .replace(/\s+/g, ' ')
    .replace(/^\s*ERROR:/, '')
    .trim();
}

/** A report has the error twice, the second time with what was being done. */
function withoutReport(text: string): string {
  if (!/^\s*ERROR REPORT:/.test(text)) return text;
  return text
    .replace(/^.*User Message:/, '')
    .replace(/ERROR REPORT:|Stack Trace:|Original Error:(?:\s+\*?[\w.]+)?/g, ' ');
}

/** tbot ends with `ERROR: ...`, or with a report where it logs for debugging (lib/utils/cli.go). */
function startOfError(lines: readonly string[]): number | undefined {
  const report = lines.findLastIndex((line) => /^\s*ERROR REPORT:/.test(line));
  const error = lines.findIndex((line, index) => index > report && line.startsWith('ERROR:'));
  const start = error >= 0 ? error : report;
  return start >= 0 ? start : undefined;
}

/** A line of the running log: it tells of the way, not of the end. */
function isLogLine(line: string): boolean {
  return (
    /^(?:\d{4}-\S+\s+)?(?:TRAC|DEBU|INFO|WARN|ERRO|FATA)\w*\s+\[/.test(line) ||
    /^\d{4}-\d\d-\d\dT\S+\s+(?:TRAC|DEBU|INFO|WARN|ERRO|FATA)/.test(line)
  );
}

/** A line that is there only because tbot was asked to say more. */
export function isDebugLine(line: string): boolean {
  return /^(?:\d{4}-\S+\s+)?(?:TRAC|DEBU)\w*\s/.test(clean(line));
}

function isStackFrame(line: string): boolean {
  return /^\s*\S*\.(?:go|s):\d+\s+\S+$/.test(line);
}

/** A debug report is escaped as HTML. */
function unescaped(line: string): string {
  return line
    .replace(/&#39;/g, "'")
    .replace(/&#34;|&quot;/g, '"')
    .replace(/&lt;/g, '<')
    .replace(/&gt;/g, '>')
    .replace(/&amp;/g, '&');
}

/**
 * tbot tries two ways of connecting at once and joins their errors in either order; these are the
 * second way failing because the first one failed (recorded from tbot 15.0.0-dev).
 */
const noise =
  /invalid character '<' looking for beginning of value|rpc error: code = \w+ desc = unexpected HTTP status code received from server: 302 \(Found\); malformed header: missing HTTP content-type/g;

/** Whether tbot read the start of a page where it wanted JSON. */
export function mentionsPage(text: string): boolean {
  return text.includes("invalid character '<' looking for beginning of value");
}

function withoutNoise(text: string): string {
  return text
    .replace(noise, ' ')
    .replace(/^(?:\s*,)+|(?:,\s*)+$/g, '')
    .replace(/\s*,(?:\s*,)+/g, ',')
    .replace(/\s+/g, ' ')
    .trim();
}
