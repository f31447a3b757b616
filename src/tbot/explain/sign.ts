import type { Cause } from './diagnosis.ts';

/** One way in which tbot's last error names its cause. */
export interface Sign {
  /** Found anywhere in the error, which stands on one line. */
  readonly pattern: RegExp;
  readonly cause: (match: RegExpExecArray, text: string) => Cause;
  readonly transient?: (text: string) => boolean;
  /** Only a join by this method can mean it. */
  readonly method?: 'github' | 'azure';
}
