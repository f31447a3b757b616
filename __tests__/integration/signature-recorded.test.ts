import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';

import type { HttpClient } from '../../src/http/client.ts';
import { install } from '../../src/install/install.ts';
import type { Registry } from '../../testbed/registry.ts';
import { createSigningKey, signatureTag } from '../../testbed/signatures.ts';
import { openRegistryFixture } from './install-image.fixture.ts';
import { archiveName, type Fixture, openFixture } from './install.fixture.ts';
import { trusting } from './signature.fixture.ts';

/** A signature manifest as cosign pushed it, and its payloads. */
interface RecordedSignature {
  readonly type: string;
  readonly manifest: string;
  readonly payloads: readonly string[];
}

/**
 * Recorded once with cosign 2.6.1 and docker-registry 2.8.2; the private keys were deleted. Image:
 * `cosign sign --key KEY --tlog-upload=false IMAGE@DIGEST`. Archive:
 * `cosign sign-blob --key KEY --tlog-upload=false --output-signature FILE ARCHIVE`.
 */
interface Recorded {
  readonly keys: { readonly ecdsa: string; readonly rsa: string };
  readonly image: {
    readonly index: string;
    readonly platform: string;
    readonly manifests: readonly { name: string; type: string; text: string }[];
    /** As base64. */
    readonly blobs: readonly string[];
  };
  readonly signatures: Readonly<Record<'index' | 'both' | 'platform', RecordedSignature>>;
  /** As base64. */
  readonly archive: { readonly content: string; readonly ecdsa: string; readonly rsa: string };
}

const recorded: Recorded = JSON.parse(
  await readFile(join(import.meta.dirname, 'cosign.json'), 'utf8'),
);
const [ecdsa, rsa] = [{ pem: recorded.keys.ecdsa }, { pem: recorded.keys.rsa }];

let fixture: Fixture;
beforeAll(async () => {
  fixture = await openFixture();
});
beforeEach(async () => fixture.next());
afterAll(async () => fixture[Symbol.asyncDispose]());

describe('an image signed by cosign', () => {
  let registry: Registry;
  let network: HttpClient;
  beforeEach(async () => {
    ({ registry, network } = await openRegistryFixture(fixture.testbed.directory));
    for (const blob of recorded.image.blobs) registry.blob(Buffer.from(blob, 'base64'));
    for (const { name, type, text } of recorded.image.manifests)
      registry.manifest(text, name.startsWith('sha256:') ? { type } : { type, tag: name });
    return async () => {
      network.close();
      await registry[Symbol.asyncDispose]();
    };
  });

  const put = (digest: string, { type, manifest, payloads }: RecordedSignature): void => {
    for (const payload of payloads) registry.blob(Buffer.from(payload));
    registry.manifest(manifest, { type, tag: signatureTag(digest) });
  };
  const from = (keys: ReturnType<typeof trusting>) => ({
    network,
    inputs: { mirror: `${registry.address}/teleport/tbot-distroless`, ...keys },
  });

  it.each([
    ['an ECDSA key', 'index', 'index', [ecdsa]],
    ['two keys, of which one is trusted', 'both', 'index', [rsa]],
    ['two keys, of which the other is trusted', 'both', 'index', [createSigningKey(), ecdsa]],
    ['an ECDSA key: its platform manifest', 'platform', 'platform', [ecdsa]],
  ] as const)('is installed: %s', async (_, signature, digest, keys) => {
    put(recorded.image[digest], recorded.signatures[signature]);
    const tool = await install(fixture.request(from(trusting(...keys))));
    expect(tool).toMatchObject({ version: '18.2.4', source: 'image' });
  });

  it.each([
    ['another key', 'index', [rsa, createSigningKey()], 'is not signed with a key'],
    ['the signature of another digest', 'platform', [ecdsa], 'only the signature of another image'],
  ] as const)('is not used: %s', async (_, signature, keys, words) => {
    put(recorded.image.index, recorded.signatures[signature]);
    expect(await fixture.problem(from(trusting(...keys)))).toMatchObject({
      code: 'signature',
      message: expect.stringContaining(words),
    });
  });
});

function publish(signature: string): void {
  const { downloads } = fixture.testbed;
  downloads.publish(archiveName, Buffer.from(recorded.archive.content, 'base64'));
  downloads.publish(`${archiveName}.sig`, Buffer.from(signature));
}

describe('an archive signed by cosign', () => {
  it.each(['ecdsa', 'rsa'] as const)('is installed: %s', async (type) => {
    publish(recorded.archive[type]);
    const tool = await install(fixture.request({ inputs: trusting(ecdsa, rsa) }));
    expect(tool).toMatchObject({ version: '18.2.4', source: 'archive' });
  });

  it('is not used: another key', async () => {
    publish(recorded.archive.rsa);
    const problem = await fixture.problem({ inputs: trusting(ecdsa) });
    expect(problem).toMatchObject({ code: 'signature' });
  });
});
