import { gzipSync, zstdCompressSync } from 'node:zlib';
import { tar, type TarMember } from './downloads/tar.ts';
import type { Registry } from './registry.ts';

export type LayerCompression = 'gzip' | 'zstd' | 'none';

/** The content of an image. Layers are ordered from bottom to top. */
export interface ImageOptions {
  readonly tag: string;
  readonly layers: readonly LayerOptions[];
  /** `oci` and `docker` are an index or a manifest list, `single` is only a manifest. */
  readonly form?: 'oci' | 'docker' | 'single';
  readonly architectures?: readonly string[];
  /** The architecture of the layers, in Go's names. Default: amd64. The others have no layers. */
  readonly architecture?: string;
}

export interface LayerOptions {
  /** Members, or the bytes of a tar archive. */
  readonly content: readonly TarMember[] | Uint8Array;
  readonly compression?: LayerCompression;
}

const compress: Readonly<Record<LayerCompression, (bytes: Uint8Array) => Uint8Array>> = {
  gzip: (bytes) => gzipSync(bytes),
  zstd: (bytes) => zstdCompressSync(bytes),
  none: (bytes) => bytes,
};

const suffix = { gzip: '+gzip', zstd: '+zstd', none: '' } as const;

/** Puts an image into a registry. */
export function putImage(
  registry: Pick<Registry, 'blob' | 'manifest'>,
  options: ImageOptions,
): { readonly top: string; readonly platform: string } {
  const form = options.form ?? 'oci';
  const config = registry.blob(Buffer.from('{}'));
  const layers = options.layers.map((layer) => layerOf(registry, layer, form));
  const type =
    form === 'docker'
      ? 'application/vnd.docker.distribution.manifest.v2+json'
      : 'application/vnd.oci.image.manifest.v1+json';
  const manifest = {
    schemaVersion: 2,
    mediaType: type,
    config: { mediaType: 'application/vnd.oci.image.config.v1+json', digest: config, size: 2 },
    layers,
  };
  const single = form === 'single' ? { tag: options.tag } : {};
  const platform = registry.manifest(manifest, { type, ...single });
  if (form === 'single') return { top: platform, platform };
  return { top: putIndex(registry, options, { type, platform }), platform };
}

function putIndex(
  registry: Pick<Registry, 'blob' | 'manifest'>,
  { tag, form, architectures = ['arm64', 'amd64'], architecture: built = 'amd64' }: ImageOptions,
  manifest: { readonly type: string; readonly platform: string },
): string {
  const other = registry.manifest({ schemaVersion: 2, layers: [] }, { type: manifest.type });
  const manifests = architectures.map((architecture) => ({
    mediaType: manifest.type,
    digest: architecture === built ? manifest.platform : other,
    size: 500,
    platform: { os: 'linux', architecture },
  }));
  const type =
    form === 'docker'
      ? 'application/vnd.docker.distribution.manifest.list.v2+json'
      : 'application/vnd.oci.image.index.v1+json';
  return registry.manifest({ schemaVersion: 2, mediaType: type, manifests }, { type, tag });
}

function layerOf(
  registry: Pick<Registry, 'blob'>,
  { content, compression = 'gzip' }: LayerOptions,
  form: ImageOptions['form'],
): object {
  const archive = content instanceof Uint8Array ? content : tar(content);
  const bytes = compress[compression](archive);
  const docker = `application/vnd.docker.image.rootfs.diff.tar${compression === 'gzip' ? '.gzip' : ''}`;
  const mediaType =
    form === 'docker' ? docker : `application/vnd.oci.image.layer.v1.tar${suffix[compression]}`;
  return { mediaType, digest: registry.blob(bytes), size: bytes.length };
}
