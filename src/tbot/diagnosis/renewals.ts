import { rfc3339 } from '../../text/time.ts';
import { isLogLine, plain } from './log.ts';

/** A loop of tbot that renews the bot's identity or credentials, while its last attempt has failed. */
export interface FailingLoop {
  /** Renews the bot's identity, on which all other loops depend. */
  readonly ofIdentity: boolean;
  /** Time of its first failure after its last success (RFC 3339); undefined if tbot logs no times. */
  readonly since: string | undefined;
  /** tbot gave up until the next interval, or exits. */
  readonly exhausted: boolean;
  /** The lines of its last error, in the form in which tbot prints the error that ends it. */
  readonly error: readonly string[];
}

/** A result of an attempt, as tbot logs it. */
interface Result {
  readonly pattern: RegExp;
  readonly kind: 'succeeded' | 'failed' | 'exhausted';
}

/**
 * Recorded from tbot 15.0.0-dev, except that of a renewed identity; the texts with `Task` and the last
 * one are from lib/tbot/internal/loop.go, which later releases use.
 */
const results: readonly Result[] = [
  { kind: 'succeeded', pattern: /Renewed (?:bot identity|outputs)\. / },
  { kind: 'succeeded', pattern: /Task succeeded\. / },
  { kind: 'exhausted', pattern: /(?:bot identity renewals failed|exhausted renewing outputs)\. / },
  { kind: 'exhausted', pattern: /All retry attempts exhausted\. / },
  { kind: 'failed', pattern: /(?:identity|Output) renewal attempt \d+ of \d+ failed\. / },
  { kind: 'failed', pattern: /Task failed\. / },
];

/** Returns the loops whose last attempt failed, that of the identity first. */
export function failingLoops(log: readonly string[]): readonly FailingLoop[] {
  const loops = new Map<string, FailingLoop>();
  for (const entry of entriesOf(plain(log))) {
    const [line = ''] = entry;
    const result = results.find(({ pattern }) => pattern.test(line));
    if (result === undefined) continue;
    const loop = loopOf(line);
    if (result.kind === 'succeeded') loops.delete(loop);
    else loops.set(loop, failing(entry, result.kind, loops.get(loop)));
  }
  return [...loops.values()].toSorted(
    (one, other) => Number(other.ofIdentity) - Number(one.ofIdentity),
  );
}

function failing(
  entry: readonly string[],
  kind: 'failed' | 'exhausted',
  before: FailingLoop | undefined,
): FailingLoop {
  const [line = ''] = entry;
  const error = errorIn(entry);
  return {
    ofIdentity: loopOf(line) === identityLoop,
    since: before === undefined ? timeOf(line) : before.since,
    exhausted: kind === 'exhausted',
    // tbot does not repeat the error when it gives up until the next interval.
    error: error.length > 0 ? error : (before?.error ?? []),
  };
}

const identityLoop = 'identity';

/** Returns what distinguishes a loop: the older release names it, later ones name their component. */
function loopOf(line: string): string {
  if (/\bbot identity\b|task:bot-identity-renewal|\[TBOT:IDEN/i.test(line)) return identityLoop;
  return /\[[\w:/-]+\]?/.exec(line)?.[0] ?? '';
}

/** Returns the lines of the error that ended tbot; empty if its log does not end with one. */
export function finalError(log: readonly string[]): readonly string[] {
  const [, ...lines] = entriesOf(plain(log)).at(-1) ?? [];
  const start = lines.findIndex((line) => line.startsWith('ERROR:'));
  return start < 0 ? [] : lines.slice(start);
}

/** Returns the time at which tbot logged a line (RFC 3339, in seconds); older releases log none. */
export function timeOf(line: string): string | undefined {
  const time = new Date(/^\d{4}-\d\d-\d\dT\S+/.exec(line)?.[0] ?? '');
  return Number.isNaN(time.getTime()) ? undefined : rfc3339(time);
}

/** Splits a log into its entries, each with the lines that follow its first one. */
function entriesOf(lines: readonly string[]): readonly (readonly string[])[] {
  const entries: string[][] = [];
  for (const line of lines) {
    const last = entries.at(-1);
    if (last === undefined || isLogLine(line)) entries.push([line]);
    else last.push(line);
  }
  return entries;
}

/** Returns the attribute `error` of an entry, without the caller at its end; empty if it has none. */
function errorIn([first = '', ...rest]: readonly string[]): readonly string[] {
  const start = /\berror:\[?(.*)$/.exec(first)?.[1];
  if (start === undefined) return [];
  const lines = start.trim() === '' ? rest : [`ERROR: ${start}`, ...rest];
  return lines.map((line) => line.replace(/\]\s+\S+\.go(?::\d+)?\s*$/, ''));
}
