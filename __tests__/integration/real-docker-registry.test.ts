import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { install } from '../../src/install/install.ts';
import { closedPort } from '../../testbed/loopback.ts';
import type { Registry } from '../../testbed/registry.ts';
import { putImage } from '../../testbed/registry-image.ts';
import { createSigningKey, putSignatures, type SigningKey } from '../../testbed/signatures.ts';
import { base, tbotOf } from './install-image.fixture.ts';
import { openFixture, type Fixture } from './install.fixture.ts';
import { trusting } from './signature.fixture.ts';
import { isMet, needs } from '../requirements.ts';

let fixture: Fixture;
let folder: string;
let url: string;
let stop: () => void = () => undefined;

beforeAll(async () => {
  fixture = await openFixture();
  folder = await mkdtemp(join(tmpdir(), 'docker-registry-'));
  if (isMet('docker-registry')) await startRegistry();
});
afterAll(async () => {
  stop();
  await fixture[Symbol.asyncDispose]();
  await rm(folder, { recursive: true, force: true });
});

async function startRegistry(): Promise<void> {
  const port = await closedPort();
  const config = join(folder, 'config.yml');
  await writeFile(
    config,
    `version: 0.1\nlog: { level: error }\nstorage: { filesystem: { rootdirectory: ${folder} } }\nhttp: { addr: "127.0.0.1:${port}" }\n`,
  );
  const env = { PATH: '/usr/bin:/bin' };
  const child = spawn('docker-registry', ['serve', config], { env, stdio: 'ignore' });
  stop = () => child.kill();
  url = `http://127.0.0.1:${port}`;
  while (!(await fetch(`${url}/v2/`).catch(() => undefined))?.ok) await pause(50);
}

const digestOf = (bytes: Uint8Array): string =>
  `sha256:${createHash('sha256').update(bytes).digest('hex')}`;

/** Pushes an image as container tools do, and its signature. The registry verifies the digests. */
async function push(form: 'oci' | 'docker' | 'single', key?: SigningKey): Promise<void> {
  const blobs = new Map<string, Uint8Array>();
  const manifests: { content: string; type: string; name: string }[] = [];
  const store: Pick<Registry, 'blob' | 'manifest'> = {
    blob: (bytes) => {
      blobs.set(digestOf(bytes), bytes);
      return digestOf(bytes);
    },
    manifest: (content, { type, tag }) => {
      const text = JSON.stringify(content);
      const digest = digestOf(Buffer.from(text));
      manifests.push({ content: text, type, name: tag ?? digest });
      return digest;
    },
  };
  const { top } = putImage(store, {
    tag: '18.2.4',
    form,
    architectures: ['amd64'],
    layers: [{ content: base }, { content: [tbotOf('18.2.4', 100_000)] }],
  });
  if (key !== undefined) putSignatures(store, top, [{ key }]);
  for (const [digest, bytes] of blobs) await pushBlob(form, digest, bytes);
  for (const manifest of manifests) await pushManifest(form, manifest);
}

async function pushBlob(repository: string, digest: string, bytes: Uint8Array): Promise<void> {
  const begun = await fetch(`${url}/v2/${repository}/blobs/uploads/`, { method: 'POST' });
  const location = new URL(begun.headers.get('location') ?? '', url);
  location.searchParams.set('digest', digest);
  const headers = { 'content-type': 'application/octet-stream' };
  const done = await fetch(location, { method: 'PUT', headers, body: Buffer.from(bytes) });
  expect(done.status).toBe(201);
}

async function pushManifest(
  repository: string,
  { content, type, name }: { content: string; type: string; name: string },
): Promise<void> {
  const done = await fetch(`${url}/v2/${repository}/manifests/${name}`, {
    method: 'PUT',
    headers: { 'content-type': type },
    body: content,
  });
  // The manifest of the other architecture has no configuration, and nothing refers to it.
  if (done.status !== 201) expect(content).not.toContain('config');
}

describe('docker-registry', needs('docker-registry'), () => {
  it.each(['oci', 'docker', 'single'] as const)('serves an image of the form %s', async (form) => {
    await fixture.next();
    await push(form);
    const mirror = `${new URL(url).host}/${form}`;
    const tool = await install(fixture.request({ inputs: { mirror, installFrom: 'image' } }));
    expect(tool).toMatchObject({ source: 'image', version: '18.2.4' });
  });

  it('serves a signature, or HTTP 404 if there is none', async () => {
    await fixture.next();
    const key = createSigningKey();
    const mirror = `${new URL(url).host}/oci`;
    const signed = { inputs: { mirror, ...trusting(key) } };
    await push('oci');
    expect(await fixture.problem(signed)).toMatchObject({
      code: 'signature',
      message: expect.stringContaining('has no signature in its repository'),
    });
    await push('oci', key);
    expect(await install(fixture.request(signed))).toMatchObject({ source: 'image' });
  });

  it('returns HTTP 404 for an unknown tag', async () => {
    const version = { kind: 'exact', version: '18.2.3' } as const;
    const mirror = `${new URL(url).host}/oci`;
    const found = await fixture.problem({ inputs: { mirror, version } });
    expect(found).toMatchObject({
      code: 'download',
      message: expect.stringContaining('returned HTTP 404'),
    });
  });
});
