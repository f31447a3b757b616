import type { Cluster } from './cluster/cluster.ts';
import type { Inputs } from './inputs/inputs.ts';
import type { Tool } from './install/install.ts';
import type { Identity } from './identity/identity.ts';
import type { Credential } from './tbot/credentials.ts';

/** What one join gave, and what it was asked for. */
export interface Joined {
  readonly inputs: Inputs;
  readonly cluster: Cluster;
  readonly tool: Tool;
  readonly identity: Identity;
  /** In the order of the services; none with `services: []`. */
  readonly credentials: readonly Credential[];
  readonly caBundle: string | undefined;
}

/** The credential that ends first; undefined when none was issued. */
export function soonest(credentials: readonly Credential[]): Credential | undefined {
  return credentials.toSorted((one, other) => Number(one.expiresAt) - Number(other.expiresAt))[0];
}

/** When the first certificate ends; undefined when none was issued. */
export function soonestEnd(credentials: readonly Credential[]): Date | undefined {
  return soonest(credentials)?.expiresAt;
}
