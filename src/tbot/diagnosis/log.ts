import { methodOf } from '../../methods/index.ts';
import { printable } from '../../text/display.ts';
import type { JoinContext } from './diagnosis.ts';
import { levelsOf } from './wrapped-error.ts';

/** Lines of the log that a message shows. */
const tailLength = 20;
/** Characters. */
const longestLine = 400;
/** Characters; an error can contain a whole web page. */
const longestError = 8000;

/**
 * Returns a line without colours, control characters and everything that looks like a token or a
 * private key, cut to a limited length.
 */
export function clean(line: string): string {
  return cut(plain([line]).join(' '));
}

/** Cleans the lines of a log together, because a private key spans several lines. */
export function cleanLog(log: readonly string[]): readonly string[] {
  return plain(log).map(cut);
}

/** Removes colours, secrets and control characters. */
function plain(lines: readonly string[]): readonly string[] {
  return withoutSecrets(lines.join('\n').replace(escapeSequence, ''))
    .split('\n')
    .map((line) => printable(line));
}

function cut(line: string): string {
  return shortened(line, longestLine).trimEnd();
}

/**
 * Cuts a text to a number of characters. Removes a word that does not fit as a whole, because a part of
 * a secret would not be masked.
 */
export function shortened(text: string, longest: number): string {
  if (text.length <= longest) return text;
  return `${text
    .slice(0, longest - ellipsis.length)
    .replace(/\S*$/, '')
    .trimEnd()}${ellipsis}`;
}

const ellipsis = ' ...';

/* oxlint-disable no-control-regex -- the pattern matches them */
const escapeSequence =
  /\u001b(?:\[[0-?]*[ -/]*[@-~]|\][^\u0007\u001b]*(?:\u0007|\u001b\\)?|[@-Z\\^_])/g;
/* oxlint-enable no-control-regex */

/** Removes everything that looks like a JWT, a bearer token or a private key, complete or cut. */
export function withoutSecrets(text: string): string {
  return text
    .replace(privateKey, '[key removed]')
    .replace(/eyJ[\w+/=-]*(?:\.[\w+/=-]*)*/g, '[token removed]')
    .replace(/\b(bearer)\s+[\w.~+/=-]{8,}/gi, '$1 [token removed]');
}

const privateKey =
  /-----BEGIN[^-]*PRIVATE KEY-----(?:(?:\s|\\n)*[\w+/=]{32,})*(?:(?:\s|\\n|[\w+/=])*-----END[^-]*-----)?/g;

/** Removes IDs and resource paths, which name an Azure machine. */
export function withoutMachine(text: string): string {
  return text
    .replace(/\/subscriptions\/[^\s"',]+/gi, '[hidden]')
    .replace(/\b[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\b/gi, '[hidden]');
}

/** Decides whether a log may name the machine. */
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

/** Returns the end of the log, cleaned, without stack traces and empty lines. */
export function logTail(log: readonly string[]): readonly string[] {
  return cleanLog(log)
    .filter((line) => line !== '' && !isStackFrame(line))
    .slice(-tailLength);
}

/**
 * Returns tbot's last error on one line, without colours, stack traces and the errors of its second
 * connection attempt; may be empty.
 */
export function errorText(log: readonly string[]): string {
  return withoutSecondaryErrors(lastError(log));
}

/** Returns the levels of tbot's last error, outermost first. */
export function errorLevels(log: readonly string[]): readonly string[] {
  return levelsOf(completeError(log)).map(withoutSecondaryErrors);
}

/** Returns tbot's last error on one line; empty if the log ends without one. */
export function lastError(log: readonly string[]): string {
  return completeError(log).replace(/\s+/g, ' ');
}

/** Returns tbot's last error with its line breaks. */
function completeError(log: readonly string[]): string {
  const lines = plain(log).map(unescaped);
  const start = startOfError(lines);
  if (start === undefined) return '';
  return withoutReport(
    lines
      .slice(start)
      .filter((line) => !isLogLine(line) && !isStackFrame(line))
      .join('\n'),
  )
    .slice(0, longestError)
    .replace(/^\s*ERROR:/, '')
    .trim();
}

/** A report contains the error twice. Returns the second one, which includes its context. */
function withoutReport(text: string): string {
  if (!/^\s*ERROR REPORT:/.test(text)) return text;
  return text
    .replace(/^.*User Message:/s, '')
    .replace(/ERROR REPORT:|Stack Trace:|Original Error:(?:\s+\*?[\w.]+)?/g, ' ');
}

/** Returns the line of `ERROR: ...`, or of the report that tbot prints in debug mode (lib/utils/cli.go). */
function startOfError(lines: readonly string[]): number | undefined {
  const report = lines.findLastIndex((line) => /^\s*ERROR REPORT:/.test(line));
  const error = lines.findIndex((line, index) => index > report && line.startsWith('ERROR:'));
  const start = error >= 0 ? error : report;
  return start >= 0 ? start : undefined;
}

/** Whether a line belongs to the running log, not to the final error. */
function isLogLine(line: string): boolean {
  return (
    /^(?:\d{4}-\S+\s+)?(?:TRAC|DEBU|INFO|WARN|ERRO|FATA)\w*\s+\[/.test(line) ||
    /^\d{4}-\d\d-\d\dT\S+\s+(?:TRAC|DEBU|INFO|WARN|ERRO|FATA)/.test(line)
  );
}

/** Whether tbot logs a line in debug mode only. */
export function isDebugLine(line: string): boolean {
  return /^(?:\d{4}-\S+\s+)?(?:TRAC|DEBU)\w*\s/.test(clean(line));
}

function isStackFrame(line: string): boolean {
  return /^\s*\S*\.(?:go|s):\d+\s+\S+$/.test(line);
}

/** Decodes HTML entities, which a debug report contains. */
function unescaped(line: string): string {
  return line
    .replace(/&#39;/g, "'")
    .replace(/&#34;|&quot;/g, '"')
    .replace(/&lt;/g, '<')
    .replace(/&gt;/g, '>')
    .replace(/&amp;/g, '&');
}

/**
 * tbot makes two connection attempts at once and joins their errors in either order. These are errors of
 * the second attempt that follow from those of the first (recorded from tbot 15.0.0-dev).
 */
const secondaryErrors =
  /invalid character '<' looking for beginning of value|rpc error: code = \w+ desc = unexpected HTTP status code received from server: 302 \(Found\); malformed header: missing HTTP content-type/g;

/** Whether tbot received a web page in place of JSON. */
export function mentionsPage(text: string): boolean {
  return text.includes("invalid character '<' looking for beginning of value");
}

function withoutSecondaryErrors(text: string): string {
  return text
    .replace(secondaryErrors, ' ')
    .replace(/^(?:\s*,)+|(?:,\s*)+$/g, '')
    .replace(/\s*,(?:\s*,)+/g, ',')
    .replace(/\s+/g, ' ')
    .trim();
}
