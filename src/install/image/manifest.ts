import { BadArchive } from '../archive/archive.ts';
import type { Compression } from '../archive/extract-tar.ts';
import { isRecord, parseJson } from '../../text/json.ts';

/** A reference to a blob or a manifest (OCI image specification). */
export interface Descriptor {
  readonly digest: string;
  /** Bytes. */
  readonly size: number;
}

export interface Layer extends Descriptor {
  readonly compression: Compression;
}

export type Manifest =
  | { readonly kind: 'image'; readonly layers: readonly Layer[] }
  | {
      readonly kind: 'index';
      readonly manifests: readonly (Descriptor & {
        readonly os: string;
        readonly architecture: string;
      })[];
    };

/** The supported media types of OCI and Docker, for an `Accept` header. */
export const manifestTypes = [
  'application/vnd.oci.image.index.v1+json',
  'application/vnd.docker.distribution.manifest.list.v2+json',
  'application/vnd.oci.image.manifest.v1+json',
  'application/vnd.docker.distribution.manifest.v2+json',
].join(', ');

const mostLayers = 200;
/** Bytes, more than any image of tbot. */
const largestLayer = 2 ** 29;

/** Parses a manifest or an index. Throws a BadArchive. */
export function parseManifest(text: string): Manifest {
  const json = objectOf(jsonOf(text));
  if (Array.isArray(json['manifests'])) {
    const manifests = json['manifests'].map((entry) => platformOf(objectOf(entry)));
    return { kind: 'index', manifests };
  }
  const layers = json['layers'];
  if (!Array.isArray(layers)) throw new BadArchive('its manifest has an unsupported type');
  if (layers.length > mostLayers) throw new BadArchive(`it has more than ${mostLayers} layers`);
  return { kind: 'image', layers: layers.map((entry) => layerOf(objectOf(entry))) };
}

type Json = Readonly<Record<string, unknown>>;

function jsonOf(text: string): unknown {
  const json = parseJson(text);
  if (json === undefined) throw new BadArchive('its manifest is not JSON');
  return json;
}

function objectOf(value: unknown): Json {
  if (!isRecord(value)) throw new BadArchive('its manifest is malformed');
  return value;
}

/** Whether a value is a descriptor with a SHA-256 digest. */
export function isDescriptor(json: Json): json is Json & Descriptor {
  const { digest, size } = json;
  return typeof digest === 'string' && sha256.test(digest) && isSize(size);
}

const sha256 = /^sha256:[0-9a-f]{64}$/;

function isSize(size: unknown): size is number {
  return (
    typeof size === 'number' && Number.isSafeInteger(size) && size >= 0 && size <= largestLayer
  );
}

function descriptorOf(json: Json): Descriptor {
  const { digest, size } = json;
  if (typeof digest !== 'string' || !sha256.test(digest))
    throw new BadArchive('its manifest has an entry without a SHA-256 digest');
  if (!isSize(size)) throw new BadArchive('its manifest has an entry with an invalid size');
  return { digest, size };
}

function platformOf(json: Json): Descriptor & { os: string; architecture: string } {
  const platform = objectOf(json['platform'] ?? {});
  const text = (key: string): string => (typeof platform[key] === 'string' ? platform[key] : '');
  return { ...descriptorOf(json), os: text('os'), architecture: text('architecture') };
}

function layerOf(json: Json): Layer {
  const type = typeof json['mediaType'] === 'string' ? json['mediaType'] : '';
  return { ...descriptorOf(json), compression: compressionOf(type) };
}

function compressionOf(type: string): Compression {
  if (!/^application\/vnd\.(oci\.image\.layer\.v1|docker\.image\.rootfs\.diff)\./.test(type))
    throw new BadArchive('one of its layers has an unsupported type');
  if (/tar[.+]gzip$/.test(type)) return 'gzip';
  if (/tar[.+]zstd$/.test(type)) return 'zstd';
  if (type.endsWith('.tar')) return 'none';
  throw new BadArchive('one of its layers uses an unsupported compression method');
}
