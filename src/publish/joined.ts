import type { Cluster } from '../cluster/cluster.ts';
import type { Inputs } from '../inputs/inputs.ts';
import type { Tool } from '../install/install.ts';
import type { Identity } from '../methods/join-identity.ts';
import type { Credential } from '../services/credential.ts';

/** What one join gave, and what it was asked for. */
export interface Joined {
  readonly inputs: Inputs;
  /** What the proxy said of it; undefined where none was asked. */
  readonly cluster: Cluster | undefined;
  readonly tool: Tool;
  readonly identity: Identity;
  /** In the order of the services; none with `services: []`. */
  readonly credentials: readonly Credential[];
  readonly caBundle: string | undefined;
}

/** When the first certificate ends; undefined when none was issued, or none ends. */
export function earliestExpiry(
  credentials: readonly Pick<Credential, 'expiresAt'>[],
): Date | undefined {
  return credentials
    .flatMap(({ expiresAt }) => expiresAt ?? [])
    .toSorted((one, other) => Number(one) - Number(other))[0];
}
