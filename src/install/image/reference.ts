import type { Build } from '../build.ts';

/** Where an image of tbot lies. */
export interface ImageReference {
  /** `host` or `host:port`. */
  readonly registry: string;
  readonly repository: string;
  readonly tag: string;
  /** The platform whose manifest is chosen, in the words of Go. */
  readonly platform: { readonly os: string; readonly architecture: string };
}

/** Where tbot lies in the image (build.assets of Teleport, tbot-distroless). */
export const tbotInImage = 'usr/local/bin/tbot';

const architectures: Readonly<Record<string, string>> = {
  x64: 'amd64',
  arm64: 'arm64',
  arm: 'arm',
};

/**
 * The image that holds a build of tbot; undefined where there is none. `mirror` is
 * `host[:port]/repository`. Teleport publishes one image for all editions, and one of FIPS builds.
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

/** The reference as container tools write it. */
export function nameOf({ registry, repository, tag }: ImageReference): string {
  return `${registry}/${repository}:${tag}`;
}
