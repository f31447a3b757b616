import type { HttpClient } from '../http/client.ts';
import type { Environment } from '../ci/port.ts';

/** What it takes to ask a service a question that explains a failure. */
export interface ProbeOptions {
  readonly env: Environment;
  readonly network: Pick<HttpClient, 'get'>;
  /** Masks a text in every later line of the job's log. */
  readonly mask: (secret: string) => void;
  readonly signal: AbortSignal;
}
