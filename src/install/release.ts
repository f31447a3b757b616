import type { Cluster } from '../cluster/cluster.ts';
import type { Inputs } from '../inputs/table.ts';

/** A build of Teleport's programs. */
export interface Build {
  /** Without a `v`. */
  readonly version: string;
  readonly edition: 'oss' | 'enterprise';
  readonly fips: boolean;
  /** Node's names: `linux`, `x64`. */
  readonly platform: string;
  readonly arch: string;
}

/** The input calls Community Edition `oss`, as clusters did before 17. Cloud has enterprise builds. */
const editions: Readonly<
  Record<Exclude<Inputs['edition'], 'auto'> | Cluster['edition'], Build['edition']>
> = {
  oss: 'oss',
  community: 'oss',
  enterprise: 'enterprise',
  cloud: 'enterprise',
};

/** Returns the build for the inputs, the cluster (if there is one) and the machine. */
export function buildFor(
  version: string,
  options: Pick<Inputs, 'edition' | 'fips'>,
  cluster: Pick<Cluster, 'edition' | 'fips'> | undefined,
  machine: { readonly platform: string; readonly arch: string },
): Build {
  const { platform, arch } = machine;
  const { edition } = options;
  // FIPS builds exist for Linux only; any other tbot can join a FIPS cluster as well.
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

/** A release archive and the programs in it. */
export interface Release {
  /** File name of the archive. Its checksum is published as `<archive>.sha256`. */
  readonly archive: string;
  readonly format: 'tar.gz' | 'zip';
  /** Path of tbot in the archive. */
  readonly tbot: string;
  /** tsh and tctl are in app bundles: macOS from 17 on (Teleport's changelog, 17.0.0, "macOS assets"). */
  readonly appBundles?: true;
}

/** Teleport's download site (lib/autoupdate; TELEPORT_CDN_BASE_URL in its updater). */
export const publicSite = 'https://cdn.teleport.dev';

const linuxArchitectures: Readonly<Record<string, string>> = {
  x64: 'amd64',
  arm64: 'arm64',
  arm: 'arm',
  ia32: '386',
};

/**
 * Returns the archive of a build; undefined if Teleport publishes none. Names and layout:
 * lib/autoupdate, lib/web/scripts/oneoff/oneoff.sh and build.assets/install of Teleport.
 * FIPS builds exist for Linux and enterprise only; Windows has one build of the client tools.
 */
export function releaseFor(build: Build): Release | undefined {
  const product = build.edition === 'enterprise' || build.fips ? 'teleport-ent' : 'teleport';
  const tarball = (system: string): Release => ({
    archive: `${product}-v${build.version}-${system}-bin.tar.gz`,
    format: 'tar.gz',
    tbot: `${product}/tbot`,
  });
  switch (build.platform) {
    case 'linux': {
      const arch = linuxArchitectures[build.arch];
      return arch === undefined ? undefined : tarball(`linux-${arch}${build.fips ? '-fips' : ''}`);
    }
    case 'darwin':
      return build.fips ? undefined : macRelease(tarball('darwin-universal'), build.version);
    case 'win32':
      return build.fips ? undefined : windowsRelease(build.version);
    default:
      return undefined;
  }
}

function macRelease(release: Release, version: string): Release {
  return Number.parseInt(version, 10) >= 17 ? { ...release, appBundles: true } : release;
}

function windowsRelease(version: string): Release {
  return {
    archive: `teleport-v${version}-windows-amd64-bin.zip`,
    format: 'zip',
    tbot: 'tbot.exe',
  };
}

/** Returns the path of a program in the archive. */
export function memberOf({ tbot, appBundles }: Release, program: string): string {
  const bundled = appBundles && program !== 'tbot';
  const path = bundled ? `${program}.app/Contents/MacOS/${program}` : program;
  return tbot.replace(/tbot(?=(\.exe)?$)/, path);
}

/** A reference to an image of tbot. */
export interface ImageReference {
  /** `host` or `host:port`. */
  readonly registry: string;
  readonly repository: string;
  readonly tag: string;
  /** The platform of the manifest, in Go's names. */
  readonly platform: { readonly os: string; readonly architecture: string };
}

/** Path of tbot in the image (build.assets of Teleport, tbot-distroless). */
export const tbotInImage = 'usr/local/bin/tbot';

const imageArchitectures: Readonly<Record<string, string>> = {
  x64: 'amd64',
  arm64: 'arm64',
  arm: 'arm',
};

/**
 * Returns the image with a build of tbot; undefined if there is none. `mirror` is
 * `host[:port]/repository`. Teleport publishes one image for all editions, and one for FIPS builds.
 */
export function imageFor(build: Build, mirror: string | undefined): ImageReference | undefined {
  const architecture = imageArchitectures[build.arch];
  if (build.platform !== 'linux' || architecture === undefined) return undefined;
  const published = `public.ecr.aws/gravitational/tbot-${build.fips ? 'fips-' : ''}distroless`;
  const [registry = '', ...repository] = (mirror ?? published).split('/');
  return {
    registry,
    repository: repository.join('/'),
    tag: build.version,
    platform: { os: 'linux', architecture },
  };
}

/** Returns the reference in the notation of container tools. */
export function nameOf({ registry, repository, tag }: ImageReference): string {
  return `${registry}/${repository}:${tag}`;
}

/** Returns the file name of a program. */
export function fileOf(program: string, platform: string): string {
  return platform === 'win32' ? `${program}.exe` : program;
}
