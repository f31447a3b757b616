/** A secret of the testbed, and what it is. */
export interface Secret {
  readonly kind: string;
  readonly text: string;
}

/** Every secret that a testbed of this process issued, in order: for tests that search for them. */
export const issued: Secret[] = [];

/** Records a secret where it is issued, and returns it. */
export function issueSecret(kind: string, text: string): string {
  issued.push({ kind, text });
  return text;
}
