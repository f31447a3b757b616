import type { Identity } from '../../methods/choose.ts';
import type { JobFacts } from '../../ci/port.ts';
import type { Endpoint } from '../../cluster/endpoint.ts';
import type { Exit } from '../../process/child.ts';

/** A tbot that did not do its work. */
export interface TbotFailure {
  readonly exit: Exit;
  /** Raw lines of stderr, oldest first, colours still in. */
  readonly log: readonly string[];
}

/** What was wanted when tbot failed. */
export interface JoinContext {
  readonly endpoint: Endpoint;
  /** Name of the cluster, from the proxy's answer; undefined where none was asked. */
  readonly cluster: string | undefined;
  /** Name of the join token; undefined where it is a secret. */
  readonly token: string | undefined;
  readonly identity: Identity;
  /** As `tbot version` gives it, without the `v`. */
  readonly tbotVersion: string;
  readonly job: JobFacts;
  /** Roles that the services of this step ask for by name. */
  readonly askedRoles?: readonly string[];
}
