import type { Cause } from './diagnosis.ts';

/** One way in which tbot's last error names its cause. */
export interface ErrorPattern {
  /** Found anywhere in the error, which stands on one line. */
  readonly pattern: RegExp;
  readonly cause: (match: RegExpExecArray, text: string) => Cause;
  readonly retryable?: (text: string) => boolean;
  /** Only a join by this method can mean it. */
  readonly method?: 'github' | 'azure';
}

/** Failures of a service that had answered a moment before, and may again. */
export const isRetryable =
  /connection (?:refused|reset)|broken pipe|timeout|deadline exceeded|code = Unavailable|\bEOF\b|(?<![:.\d])50[0234]\b|internal server error|bad gateway|service unavailable/i;
