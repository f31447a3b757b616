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

/** Cloud runs the enterprise builds. */
const editions: Readonly<Record<Exclude<Inputs['edition'], 'auto'>, Build['edition']>> = {
  oss: 'oss',
  enterprise: 'enterprise',
  cloud: 'enterprise',
};

/** The build that fits inputs, cluster (where one was asked) and machine. */
export function buildFor(
  version: string,
  wishes: Pick<Inputs, 'edition' | 'fips'>,
  cluster: Pick<Cluster, 'edition' | 'fips'> | undefined,
  machine: { readonly platform: string; readonly arch: string },
): Build {
  const { platform, arch } = machine;
  const { edition } = wishes;
  // A tbot that is no FIPS build can join such a cluster, too; there are none but for Linux.
  const fips =
    wishes.fips === 'auto' ? (cluster?.fips ?? false) && platform === 'linux' : wishes.fips;
  return {
    version,
    edition: edition === 'auto' ? (cluster?.edition ?? 'oss') : editions[edition],
    fips,
    platform,
    arch,
  };
}

/** File name of a program. */
export function fileOf(program: string, platform: string): string {
  return platform === 'win32' ? `${program}.exe` : program;
}
