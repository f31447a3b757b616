import type { Build } from '../release.ts';

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

const architectures: Readonly<Record<string, string>> = {
  x64: 'amd64',
  arm64: 'arm64',
  arm: 'arm',
};

/**
 * Returns the image with a build of tbot; undefined if there is none. `mirror` is
 * `host[:port]/repository`. Teleport publishes one image for all editions, and one for FIPS builds.
 */
export function imageFor(build: Build, mirror: string | undefined): ImageReference | undefined {
  const architecture = architectures[build.arch];
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
