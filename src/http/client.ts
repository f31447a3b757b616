import type { Environment } from '../ci/port.ts';
import type { Wires } from './dispatchers.ts';
import { get, type GetOptions, type Reply } from './get.ts';

import { openTrust } from './trust.ts';

export type { GetOptions, Reply, Timeouts } from './get.ts';

/** All that this action says over HTTP goes through here. */
export interface HttpClient {
  /**
   * One GET. Any status is an answer. Throws a NetworkError, or the
   * reason of the signal when that ended it.
   */
  get(url: string, options: GetOptions): Promise<Reply>;
  /** The authorities that are believed, PEM: this machine's, Node's, and the extra ones. */
  caBundle(): Promise<string>;
  /** Ends every connection. */
  close(): void;
}

/** Opens nothing yet; `env` gives the HTTP proxies. */
export function openHttpClient(options: {
  readonly env: Environment;
  /** PEM file of authorities that are believed besides the usual ones. */
  readonly extraCaFile: string | undefined;
}): HttpClient {
  const wires: Wires = {
    env: options.env,
    trust: openTrust(options.extraCaFile),
    dispatchers: new Map(),
  };
  return {
    get: (url, asked) => get(wires, new URL(url), asked),
    caBundle: () => wires.trust.bundle(),
    close: () => {
      for (const dispatcher of wires.dispatchers.values()) void dispatcher.destroy();
      wires.dispatchers.clear();
    },
  };
}
