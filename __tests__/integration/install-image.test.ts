import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { createZstdCompress } from 'node:zlib';

import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';

import { install, type Tool } from '../../src/install/install.ts';
import type { HttpClient } from '../../src/http/client.ts';
import { tar } from '../../testbed/downloads/tar.ts';
import type { Registry } from '../../testbed/registry.ts';
import { type ImageOptions, putImage } from '../../testbed/registry-image.ts';
import { base, openRegistryFixture, tbotOf } from './install-image.fixture.ts';
import { cluster, openFixture, type Fixture } from './install.fixture.ts';

let fixture: Fixture;
let registry: Registry;
let network: HttpClient;

beforeAll(async () => {
  fixture = await openFixture();
  ({ registry, network } = await openRegistryFixture(fixture.testbed.directory));
});
beforeEach(async () => {
  await fixture.next();
  registry.fault = { kind: 'none' };
});
afterAll(async () => {
  network.close();
  await registry[Symbol.asyncDispose]();
  await fixture[Symbol.asyncDispose]();
});

const mirror = (): string => `${registry.address}/mirrored/tbot-distroless`;

const installImage = (inputs: object = {}, platform: { arch?: string } = {}): Promise<Tool> =>
  install(
    fixture.request({
      network,
      ...platform,
      inputs: { mirror: mirror(), installFrom: 'image', ...inputs },
    }),
  );

const good = (change: Partial<ImageOptions> = {}): { top: string; platform: string } =>
  putImage(registry, {
    tag: '18.2.4',
    layers: [{ content: base }, { content: [tbotOf('18.2.4', 5000)] }],
    ...change,
  });

const failing = async (inputs: object = {}): Promise<unknown> => {
  const found = await fixture.problem({
    network,
    inputs: { mirror: mirror(), installFrom: 'image', ...inputs },
  });
  expect(await readdir(fixture.directory)).toEqual([]);
  return found;
};

describe('the image of tbot', () => {
  it.each(['oci', 'docker', 'single'] as const)('is installed in the form %s', async (form) => {
    good({ form });
    const tool = await installImage();
    expect(tool).toEqual({
      path: join(fixture.directory, 'tbot'),
      version: '18.2.4',
      source: 'image',
    });
    expect(await readdir(fixture.directory)).toEqual(['tbot']);
  });

  it.each(['gzip', 'zstd', 'none'] as const)(
    'is installed with layers compressed by %s',
    async (compression) => {
      good({
        layers: [
          { content: base, compression },
          { content: [tbotOf('18.2.4')], compression },
        ],
      });
      expect(await installImage()).toMatchObject({ version: '18.2.4' });
    },
  );

  it('is pulled with a token that is not sent to the storage', async () => {
    good();
    const before = registry.requests.length;
    await installImage();
    const seen = registry.requests.slice(before);
    expect(seen.map(({ path }) => path)).toContain('/token');
    const storage = seen.filter(({ host }) => host === 'storage');
    expect(storage).not.toHaveLength(0);
    expect(storage.every(({ authorization }) => authorization === undefined)).toBe(true);
  });

  it('is pulled from the top layer to the one with tbot', async () => {
    const large = { content: [{ name: 'lib', content: 'x'.repeat(90_000) }] };
    good({ layers: [large, { content: [tbotOf('18.2.4')] }, { content: base }] });
    const before = registry.requests.length;
    expect(await installImage()).toMatchObject({ version: '18.2.4' });
    const blobs = registry.requests.slice(before).filter(({ host }) => host === 'storage');
    expect(blobs).toHaveLength(2);
  });

  it('may have a larger layer than the one with tbot', async () => {
    const large = {
      content: [{ name: 'lib', content: 'x'.repeat(90_000) }],
      compression: 'none',
    } as const;
    good({ layers: [{ content: [tbotOf('18.2.4')] }, { content: base }, large] });
    expect(await installImage()).toMatchObject({ version: '18.2.4' });
  });

  it('uses the tbot of the topmost layer', async () => {
    const old = { content: [tbotOf('18.2.3', 50_000)], compression: 'none' } as const;
    good({ layers: [old, { content: [tbotOf('18.2.4')] }, { content: base }] });
    const tool = await installImage();
    expect(tool).toMatchObject({ version: '18.2.4' });
    expect(await readFile(tool.path, 'utf8')).not.toContain('###');
    expect(await readdir(fixture.directory)).toEqual(['tbot']);
  });

  it.each([
    { name: 'usr/local/bin', type: '2', linkName: '../../bin' },
    { name: 'usr/local', content: '' },
  ])('has no tbot if a layer replaces a directory above it: %j', async (no) => {
    good({ layers: [{ content: [tbotOf('18.2.4')] }, { content: [no] }] });
    expect(await failing()).toMatchObject({ code: 'archive' });
    good({ layers: [{ content: [tbotOf('18.2.3')] }, { content: [no, tbotOf('18.2.4')] }] });
    expect(await installImage()).toMatchObject({ version: '18.2.4' });
  });

  it('uses tbot if the whiteout is in the same layer', async () => {
    const content = [{ name: 'usr/local/bin/.wh..wh..opq', content: '' }, tbotOf('18.2.4')];
    good({ layers: [{ content: [tbotOf('18.2.3')] }, { content }] });
    expect(await installImage()).toMatchObject({ version: '18.2.4' });
  });

  it.each(['usr/local/bin/.wh.tbot', 'usr/local/.wh.bin', 'usr/local/bin/.wh..wh..opq'])(
    'has no tbot if a higher layer contains %s',
    async (name) => {
      good({
        layers: [{ content: [tbotOf('18.2.4', 5000)] }, { content: [{ name, content: '' }] }],
      });
      expect(await failing()).toMatchObject({ code: 'archive' });
      good({ layers: [{ content: [{ name, content: '' }] }, { content: [tbotOf('18.2.4')] }] });
      expect(await installImage()).toMatchObject({ version: '18.2.4' });
    },
  );

  it('is pinned by the digest of the index or of the platform manifest', async () => {
    const { top, platform } = good();
    const version = { kind: 'exact', version: '18.2.4' };
    for (const digest of [top, platform]) {
      const checksum = ['0'.repeat(64), digest.replace('sha256:', '')];
      expect(await installImage({ checksum, version })).toMatchObject({ source: 'image' });
    }
    await fixture.next();
    const other = await failing({ checksum: ['0'.repeat(64)], version });
    expect(other).toMatchObject({
      code: 'checksum',
      facts: { title: 'Digests:', lines: [`actual:   ${top}`, expect.anything()] },
    });
  });

  it('is not available for every platform', async () => {
    good({ architectures: ['arm64'] });
    expect(await failing()).toMatchObject({ code: 'platform' });
    const found = await fixture.problem({
      network,
      platform: 'darwin',
      inputs: { installFrom: 'image' },
    });
    expect(found).toMatchObject({ code: 'platform' });
  });

  it('can be pulled from a registry on loopback without TLS, tokens and storage', async () => {
    const plain = await openRegistryFixture(fixture.testbed.directory, {
      certificate: undefined,
      token: false,
      storage: false,
    });
    putImage(plain.registry, { tag: '18.2.4', layers: [{ content: [tbotOf('18.2.4')] }] });
    expect(await installImage({ mirror: `${plain.registry.address}/tbot` })).toMatchObject({
      source: 'image',
    });
    await plain.registry[Symbol.asyncDispose]();
  });

  it('is pulled again after a retryable failure', async () => {
    good();
    registry.fault = { kind: 'status', status: 429, path: /blobs/, requests: 1, retryAfter: 0 };
    expect(await installImage()).toMatchObject({ source: 'image' });
  });

  it('is the FIPS build for a FIPS cluster, run in FIPS mode', async () => {
    good();
    const fips = { ...cluster, fips: true };
    const inputs = { mirror: mirror(), installFrom: 'image' } as const;
    expect(await install(fixture.request({ network, cluster: fips, inputs }))).toMatchObject({
      fips: true,
    });
    expect(await installImage({ fips: true })).toMatchObject({ fips: true });
  });
});

const layered = (content: ImageOptions['layers'][number]): object => good({ layers: [content] });
const raw = (content: object | string): void => {
  const type = 'application/vnd.oci.image.manifest.v1+json';
  registry.manifest(content, { type, tag: '18.2.4' });
};

describe('an invalid image', () => {
  const layer = { mediaType: 'application/vnd.oci.image.layer.v1.tar', size: 1 };
  const digest = `sha256:${'0'.repeat(64)}`;

  it.each([
    ['no tbot in it', () => layered({ content: base }), 'does not contain'],
    ['no layers', () => good({ layers: [] }), 'does not contain'],
    [
      'tbot is a link',
      () => layered({ content: [{ name: 'usr/local/bin/tbot', type: '2', linkName: 'x' }] }),
      'is a link',
    ],
    ['not tar', () => layered({ content: Buffer.from('hello') }), 'truncated'],
    ['not JSON', () => raw('hello'), 'not JSON'],
    ['other JSON', () => raw('[1]'), 'unsupported type'],
    ['null', () => raw('null'), 'malformed'],
    [
      'an unknown layer',
      () => raw({ layers: [{ ...layer, digest, mediaType: 'text/plain' }] }),
      'unsupported type',
    ],
    [
      'an unknown compression',
      () => raw({ layers: [{ ...layer, digest, mediaType: `${layer.mediaType}+xz` }] }),
      'unsupported compression',
    ],
    ['a layer of 1 TB', () => raw({ layers: [{ ...layer, digest, size: 1e12 }] }), 'invalid size'],
    [
      'another kind of digest',
      () => raw({ layers: [{ ...layer, digest: 'md5:00' }] }),
      'without a SHA-256 digest',
    ],
    [
      'too many layers',
      () => raw({ layers: Array.from({ length: 201 }, () => ({ ...layer, digest })) }),
      'more than 200 layers',
    ],
  ] as const)('is rejected: %s', async (_, put, words) => {
    put();
    expect(await failing()).toMatchObject({
      code: 'archive',
      message: expect.stringContaining(words),
    });
  });

  it('is rejected: a layer that unpacks to more than 4 GiB', async () => {
    const empty = Buffer.alloc(2 ** 26);
    const header = tar([{ name: 'zeros', size: 2 ** 33 - 1 }], { end: false });
    const zeros = Array.from({ length: 64 }, () => empty);
    const bytes = await buffer(Readable.from([header, ...zeros]).pipe(createZstdCompress()));
    const mediaType = `${layer.mediaType}+zstd`;
    raw({ layers: [{ mediaType, digest: registry.blob(bytes), size: bytes.length }] });
    expect(await failing()).toMatchObject({
      code: 'archive',
      message: expect.stringContaining('exceeds 4 GiB'),
    });
  });

  it('is rejected: an index of indexes', async () => {
    const type = 'application/vnd.oci.image.index.v1+json';
    const inner = registry.manifest({ manifests: [] }, { type });
    const platform = { os: 'linux', architecture: 'amd64' };
    registry.manifest(
      { manifests: [{ digest: inner, size: 9, platform }] },
      { type, tag: '18.2.4' },
    );
    expect(await failing()).toMatchObject({
      code: 'archive',
      message: expect.stringContaining('index'),
    });
  });

  it.each([
    [{ kind: 'altered', path: /sha256/ }, 'checksum', 'digest'],
    [{ kind: 'html' }, 'archive', 'web page'],
    [{ kind: 'half' }, 'download', 'in the middle of the response'],
    [{ kind: 'status', status: 404, path: /manifests/ }, 'download', 'returned HTTP 404'],
    [{ kind: 'status', status: 500, path: /blobs/ }, 'download', 'HTTP 500'],
    [{ kind: 'status', status: 401, path: /v2/ }, 'download', 'HTTP 401'],
    [{ kind: 'status', status: 403, path: /token/ }, 'download', 'HTTP 403'],
  ] as const)('is rejected: %j', async (fault, code, words) => {
    good();
    registry.fault = fault;
    expect(await failing()).toMatchObject({ code, message: expect.stringContaining(words) });
  });
});
