import type { Environment } from '../ci/port.ts';
import type { Connections } from './dispatchers.ts';
import { get, type GetOptions, type Reply } from './get.ts';
import { openTrustStore } from './trust.ts';

export type { GetOptions, Reply, Timeouts } from './get.ts';

/** Sends every HTTP request of this action. */
export interface HttpClient {
  /**
   * Sends one request, GET by default, and returns the response, whatever its status. Throws a NetworkError, or
   * the signal's reason.
   */
  get(url: string, options: GetOptions): Promise<Reply>;
  /** Returns the trusted CA certificates as PEM: the system's, Node's and those of `extra-ca-file`. */
  caBundle(): Promise<string>;
  /** Closes every connection. */
  close(): void;
}

/** Returns a client that opens connections on first use; `env` holds the HTTP proxy settings. */
export function openHttpClient(options: {
  readonly env: Environment;
  /** PEM file of CA certificates that are trusted in addition to the usual ones. */
  readonly extraCaFile: string | undefined;
}): HttpClient {
  const connections: Connections = {
    env: options.env,
    trust: openTrustStore(options.extraCaFile),
    dispatchers: new Map(),
  };
  return {
    get: (url, getOptions) => get(connections, new URL(url), getOptions),
    caBundle: () => connections.trust.bundle(),
    close: () => {
      for (const dispatcher of connections.dispatchers.values()) void dispatcher.destroy();
      connections.dispatchers.clear();
    },
  };
}
