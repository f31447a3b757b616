import type { Environment } from '../ci/port.ts';
import type { HttpClient } from '../http/client.ts';
import type { Claims } from './claims.ts';

/** The response to a request for the job's OIDC token. */
export type IdTokenAnswer =
  | { readonly kind: 'claims'; readonly claims: Claims }
  | { readonly kind: 'status'; readonly status: number }
  /** Status 200, but the body is not JSON. */
  | { readonly kind: 'not-github' }
  /** Status 200 and JSON, but without a readable token. */
  | { readonly kind: 'no-token' }
  | { readonly kind: 'unreachable' }
  /** The job has no endpoint for OIDC tokens. */
  | { readonly kind: 'no-endpoint' };

/** The virtual machine that runs the job, as Azure's instance metadata describes it. */
export interface AzureMachine {
  readonly subscriptionId: string;
  readonly resourceGroupName: string;
  readonly vmId: string;
}

/** The response of Azure's instance metadata service. */
export type ImdsAnswer =
  | { readonly kind: 'machine'; readonly machine: AzureMachine }
  | { readonly kind: 'status'; readonly status: number }
  /** Another service responded. */
  | { readonly kind: 'not-imds' }
  | { readonly kind: 'unreachable' };

/** Responses of the job's platform after a failure; undefined if nothing was requested. */
export interface Evidence {
  readonly idToken: IdTokenAnswer | undefined;
  readonly imds: ImdsAnswer | undefined;
}

export const noEvidence: Evidence = { idToken: undefined, imds: undefined };

/** The dependencies of a request for evidence. */
export interface ProbeOptions {
  readonly env: Environment;
  readonly network: Pick<HttpClient, 'get'>;
  /** Masks a text in every later line of the job's log. */
  readonly mask: (secret: string) => void;
  readonly signal: AbortSignal;
}
