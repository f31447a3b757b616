import { readdir } from 'node:fs/promises';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';

import { install, type Tool } from '../../src/install/install.ts';
import type { HttpClient } from '../../src/http/client.ts';
import type { InstallRequest } from '../../src/install/request.ts';
import type { Problem } from '../../src/problem.ts';
import type { Registry } from '../../testbed/registry.ts';
import { type ImageOptions, putImage } from '../../testbed/registry-image.ts';
import {
  createSigningKey,
  type ImageSignature,
  putSignatures,
  signatureTag,
} from '../../testbed/signatures.ts';
import { base, openRegistryFixture, tbotOf } from './install-image.fixture.ts';
import { type Fixture, openFixture } from './install.fixture.ts';
import { trusting } from './signature.fixture.ts';

let fixture: Fixture;
let registry: Registry;
let network: HttpClient;

beforeAll(async () => {
  fixture = await openFixture();
});
beforeEach(async () => {
  await fixture.next();
  // A new registry, because signatures of an image stay under their tag.
  ({ registry, network } = await openRegistryFixture(fixture.testbed.directory));
  return async () => {
    network.close();
    await registry[Symbol.asyncDispose]();
  };
});
afterAll(async () => fixture[Symbol.asyncDispose]());

const [primary, backup, foreign] = [createSigningKey(), createSigningKey(), createSigningKey()];
const rsa = createSigningKey('rsa');

type Inputs = Partial<InstallRequest['inputs']>;

const from = (inputs: Inputs): { network: HttpClient; inputs: Inputs } => ({
  network,
  inputs: {
    mirror: `${registry.address}/mirrored/tbot-distroless`,
    installFrom: 'image',
    ...inputs,
  },
});

const installed = async (inputs: Inputs): Promise<Tool> => install(fixture.request(from(inputs)));

/** Returns the Problem. Nothing may remain. */
async function failing(inputs: Inputs): Promise<Problem> {
  const problem = await fixture.problem(from(inputs));
  expect(await readdir(fixture.directory)).toEqual([]);
  return problem;
}

const put = (change: Partial<ImageOptions> = {}): { top: string; platform: string } =>
  putImage(registry, {
    tag: '18.2.4',
    layers: [{ content: base }, { content: [tbotOf('18.2.4')] }],
    ...change,
  });

describe('a signed image', () => {
  it.each([
    ['its index', 'oci', 'top'],
    ['its manifest list', 'docker', 'top'],
    ['its platform manifest', 'oci', 'platform'],
    ['its only manifest', 'single', 'top'],
  ] as const)('is installed with a signature of %s', async (_, form, part) => {
    const image = put({ form });
    putSignatures(registry, image[part], [{ key: primary }]);
    expect(await installed(trusting(primary))).toMatchObject({
      version: '18.2.4',
      source: 'image',
    });
    expect(fixture.lines.join('\n')).toMatch(/The image is signed with key sha256:[0-9a-f]{64}\./);
  });

  it.each([
    ['the second of several keys', [{ key: backup }]],
    ['an RSA key', [{ key: rsa }]],
    ['another key too', [{ key: foreign }, { key: primary }]],
  ] as const)('can be signed with %s', async (_, signatures) => {
    putSignatures(registry, put().top, signatures);
    expect(await installed(trusting(primary, backup, rsa))).toMatchObject({ version: '18.2.4' });
  });

  it('can have other signatures that are damaged', async () => {
    const image = put();
    putSignatures(registry, image.top, [
      { key: primary, annotation: 'AAAA' },
      { key: primary, mediaType: 'application/json' },
      { key: primary, signed: image.platform },
      { key: primary },
    ]);
    expect(await installed(trusting(primary))).toMatchObject({ version: '18.2.4' });
  });

  it('is installed with a signature of the platform manifest if that of the index is foreign', async () => {
    const image = put();
    putSignatures(registry, image.top, [{ key: foreign }]);
    putSignatures(registry, image.platform, [{ key: primary }]);
    expect(await installed(trusting(primary))).toMatchObject({ version: '18.2.4' });
  });

  it('is not requested to have a signature without `signature-key`', async () => {
    put();
    expect(await installed({})).toMatchObject({ version: '18.2.4' });
    expect(registry.requests.filter(({ path }) => path.endsWith('.sig'))).toEqual([]);
  });

  it('is pulled with signatures whose payload is on another host, without sending the token there', async () => {
    putSignatures(registry, put().top, [{ key: primary }]);
    await installed(trusting(primary));
    const storage = registry.requests.filter(({ host }) => host === 'storage');
    expect(storage).not.toHaveLength(0);
    expect(storage.every(({ authorization }) => authorization === undefined)).toBe(true);
  });
});

describe('an image without a valid signature', () => {
  it('is not used: no signature', async () => {
    const image = put();
    const problem = await failing(trusting(primary));
    expect(problem).toMatchObject({
      code: 'signature',
      message: expect.stringContaining('has no signature in its repository'),
    });
    expect(registry.requests.filter(({ path }) => path.includes('/blobs/'))).toEqual([]);
    expect(problem.facts?.lines.slice(0, 2)).toEqual(
      [image.top, image.platform].map(
        (digest) => `image:   ${digest}: no tag ${signatureTag(digest)} (HTTP 404)`,
      ),
    );
  });

  const another = `sha256:${'a'.repeat(64)}`;
  const cases: readonly (readonly [string, Omit<ImageSignature, 'key'> & object, string])[] = [
    ['of another image', { signed: another }, 'has only the signature of another image'],
    ['of another type', { type: 'cosign attestation' }, 'is not signed with a key'],
    ['without a payload', { payload: '' }, 'is not signed with a key'],
    ['of JSON that is not an object', { payload: '[]' }, 'is not signed with a key'],
    ['of text', { payload: 'text' }, 'is not signed with a key'],
    ['of a long payload', { payload: ' '.repeat(70_000) }, 'is not signed with a key'],
    ['in damaged base64', { annotation: '*' }, 'is not signed with a key'],
    ['with changed bytes', { annotation: 'MEUCIQ==' }, 'is not signed with a key'],
    ['of 10 KB', { annotation: 'A'.repeat(10_000) }, 'is not signed with a key'],
    ['of another media type', { mediaType: 'text/plain' }, 'is not signed with a key'],
  ];
  it.each(cases)('is not used: a signature %s', async (_, signature, words) => {
    putSignatures(registry, put().top, [{ key: primary, ...signature }]);
    const problem = await failing(trusting(primary));
    expect(problem).toMatchObject({ code: 'signature', message: expect.stringContaining(words) });
  });

  it('is not used: a signature with another key', async () => {
    putSignatures(registry, put().top, [{ key: foreign }]);
    const problem = await failing(trusting(primary, backup));
    expect(problem).toMatchObject({
      code: 'signature',
      message: expect.stringContaining('is not signed with a key in `signature-key`'),
    });
    expect(problem.facts?.lines.filter((line) => line.startsWith('key:'))).toHaveLength(2);
  });

  it('is not used: the signature of another image under its tag', async () => {
    const other = put({ tag: '18.2.3', layers: [{ content: [tbotOf('18.2.3')] }] });
    const image = put();
    putSignatures(registry, image.top, [{ key: primary, signed: other.top }]);
    expect(await failing(trusting(primary))).toMatchObject({
      code: 'signature',
      message: expect.stringContaining('has only the signature of another image'),
    });
  });

  it.each([
    ['not JSON', 'text', 'malformed'],
    ['without layers', '{}', 'malformed'],
    ['with an invalid layer', '{"layers":[null,1,{}]}', 'contains no valid cosign signature'],
    ['with too many signatures', `{"layers":[{}${',{}'.repeat(50)}]}`, 'more than 50'],
    ['too long', ' '.repeat(2 ** 20 + 1), 'longer than 1048576 bytes'],
  ])('is not used: a signature manifest that is %s', async (_, content, words) => {
    const { top } = put({ form: 'single' });
    registry.manifest(content, { type: 'application/json', tag: signatureTag(top) });
    const problem = await failing(trusting(primary));
    expect(problem.code).toBe('signature');
    expect(problem.facts?.lines[0]).toContain(words);
  });

  it.each([
    ['was changed', { kind: 'altered' as const }, 'does not match its digest'],
    ['is missing', { kind: 'status' as const, status: 404 }, 'is missing (HTTP 404)'],
  ])('is not used if the payload %s', async (_, fault, words) => {
    const { top } = put({ form: 'single' });
    const [payload = ''] = putSignatures(registry, top, [{ key: primary }]);
    registry.fault = { ...fault, path: new RegExp(payload) };
    const problem = await failing(trusting(primary));
    expect(problem.code).toBe('signature');
    expect(problem.facts?.lines[0]).toContain(words);
  });

  it('is not used under the tag of another version', async () => {
    const old = put({ layers: [{ content: [tbotOf('18.2.3')] }] });
    putSignatures(registry, old.top, [{ key: primary }]);
    expect(await fixture.problem(from(trusting(primary)))).toMatchObject({
      code: 'version',
      message: expect.stringContaining('is tbot 18.2.3, but 18.2.4 was requested'),
    });
  });

  it.each([401, 403, 404])(
    'is not used if the registry returns HTTP %i for the signature',
    async (status) => {
      putSignatures(registry, put().top, [{ key: primary }]);
      registry.fault = { kind: 'status', status, path: /\.sig$/ };
      const problem = await failing(trusting(primary));
      expect(problem).toMatchObject({
        code: 'signature',
        message: expect.stringContaining('has no signature'),
      });
      expect(problem.cause).toBeUndefined();
    },
  );

  it('is pulled again after a lost connection', async () => {
    putSignatures(registry, put().top, [{ key: primary }]);
    registry.fault = { kind: 'status', status: 503, path: /\.sig$/, requests: 1 };
    expect(await installed(trusting(primary))).toMatchObject({ version: '18.2.4' });
  });
});
