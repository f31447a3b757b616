import type { Cluster } from '../cluster/cluster.ts';
import type { Inputs } from '../inputs/table.ts';

/** One build of Teleport's programs. */
export interface Build {
  /** Without a `v`. */
  readonly version: string;
  readonly edition: 'oss' | 'enterprise';
  readonly fips: boolean;
  /** As Node names them: `linux`, `x64`. */
  readonly platform: string;
  readonly arch: string;
}

/** The input calls Community Edition `oss`, as clusters did before 17. Cloud runs enterprise builds. */
const editions: Readonly<
  Record<Exclude<Inputs['edition'], 'auto'> | Cluster['edition'], Build['edition']>
> = {
  oss: 'oss',
  community: 'oss',
  enterprise: 'enterprise',
  cloud: 'enterprise',
};

/** The build that fits inputs, cluster (where one was asked) and machine. */
export function buildFor(
  version: string,
  options: Pick<Inputs, 'edition' | 'fips'>,
  cluster: Pick<Cluster, 'edition' | 'fips'> | undefined,
  machine: { readonly platform: string; readonly arch: string },
): Build {
  const { platform, arch } = machine;
  const { edition } = options;
  // A tbot that is no FIPS build can join such a cluster, too; there are none but for Linux.
  const fips =
    options.fips === 'auto' ? (cluster?.fips ?? false) && platform === 'linux' : options.fips;
  return {
    version,
    edition: editions[edition === 'auto' ? (cluster?.edition ?? 'oss') : edition],
    fips,
    platform,
    arch,
  };
}

/** File name of a program. */
export function fileOf(program: string, platform: string): string {
  return platform === 'win32' ? `${program}.exe` : program;
}
