import type { Cluster } from '../cluster/cluster.ts';
import type { DownloadInputs } from '../inputs/download-conflicts.ts';
import type { HttpClient } from '../http/client.ts';
import type { RetryPolicy } from '../http/retry.ts';
import type { EarlyWork } from './early.ts';
import type { CiPort, Directories, Environment } from '../ci/port.ts';

export interface InstallRequest {
  readonly inputs: DownloadInputs & {
    /** `host:port`. */
    readonly proxy: string | undefined;
  };
  /** Undefined without a proxy; an exact version is required then. */
  readonly cluster: Cluster | undefined;
  readonly network: HttpClient;
  /** The private directory, which exists. The programs are stored in it and run from it. */
  readonly directory: string;
  readonly env: Environment;
  readonly directories: Directories;
  readonly platform: NodeJS.Platform;
  readonly arch: string;
  readonly ci: Pick<CiPort, 'info' | 'notice' | 'mask'>;
  readonly signal: AbortSignal;
  /** What was started before the cluster answered. */
  readonly early?: EarlyWork;
  /** Called before tbot is installed, with its version; undefined if it is already on the runner. */
  readonly onVersion?: (version: string | undefined) => void;
  /** Called with the number of bytes of each part of a download. */
  readonly onBytes?: (count: number) => void;
  readonly retryPolicy?: RetryPolicy;
  /** Milliseconds until `tbot version` is killed. */
  readonly versionDeadline?: number;
}

/** Completes a request with the facts of this process and machine. */
export function onThisMachine<Request extends Pick<InstallRequest, 'inputs'>>(
  request: Request & {
    readonly ci: Pick<CiPort, 'env' | 'directories' | 'info' | 'notice' | 'mask'>;
  },
): Request & Pick<InstallRequest, 'env' | 'directories' | 'platform' | 'arch' | 'ci'> {
  const { platform, arch } = process;
  const { env, directories } = request.ci;
  return { ...request, env, directories, platform, arch };
}
