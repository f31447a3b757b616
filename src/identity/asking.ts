import type { Network } from '../network/network.ts';
import type { Environment } from '../runner.ts';

/** What it takes to ask a service a question that explains a failure. */
export interface Asking {
  readonly env: Environment;
  readonly network: Pick<Network, 'get'>;
  /** Masks a text in every later line of the job's log. */
  readonly mask: (secret: string) => void;
  readonly signal: AbortSignal;
}
