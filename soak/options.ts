/** How long a part runs, and the seed of its random choices. */
export interface SoakOptions {
  readonly minutes: number;
  readonly seed: number;
}

/** What a part did. */
export interface SoakReport {
  readonly lines: readonly string[];
  /** Defects, as one text each. */
  readonly failures: readonly string[];
}
