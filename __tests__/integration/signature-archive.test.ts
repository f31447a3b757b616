import { createHash, createPublicKey } from 'node:crypto';
import { mkdir, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';

import { install, type Tool } from '../../src/install/install.ts';
import type { InstallRequest } from '../../src/install/request.ts';
import type { Problem } from '../../src/problem.ts';
import { zip } from '../../testbed/downloads/zip.ts';
import { createSigningKey } from '../../testbed/signatures.ts';
import { archiveName, type Change, type Fixture, openFixture, packed } from './install.fixture.ts';
import { trusting } from './signature.fixture.ts';

let fixture: Fixture;
beforeAll(async () => {
  fixture = await openFixture();
});
beforeEach(async () => fixture.next());
afterAll(async () => fixture[Symbol.asyncDispose]());

const [primary, backup, foreign] = [createSigningKey(), createSigningKey(), createSigningKey()];
const rsa = createSigningKey('rsa');

const tbotOf = (version: string): Buffer =>
  packed([
    { name: 'teleport/tbot', content: `#!/bin/sh\necho "Teleport v${version} git:x go1.24"\n` },
  ]);
const archive = tbotOf('18.2.4');

const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

/** Publishes an archive and the file with its signature. */
function publish(signature: string | Uint8Array, bytes = archive, extension = 'sig'): void {
  const { downloads } = fixture.testbed;
  downloads.publish(archiveName, bytes);
  downloads.publish(`${archiveName}.${extension}`, Buffer.from(signature));
}

type Inputs = Partial<InstallRequest['inputs']>;

const installed = async (inputs: Inputs): Promise<Tool> => install(fixture.request({ inputs }));

/** Returns the Problem. Nothing may remain in the private directory. */
async function failing(inputs: Inputs, change: Change = {}): Promise<Problem> {
  const problem = await fixture.problem({ ...change, inputs });
  expect(await readdir(fixture.directory)).toEqual([]);
  return problem;
}

const requested = (): readonly string[] =>
  fixture.testbed.downloads.requests.map(({ path }) => path);

describe('a signed archive', () => {
  it.each([
    ['base64', primary.sign(archive).toString('base64'), primary],
    ['base64 with line breaks', `${rsa.sign(archive).toString('base64')}\r\n`, rsa],
    ['the plain bytes', primary.sign(archive), primary],
    ['the plain bytes of RSA', rsa.sign(archive), rsa],
  ])('is installed with a signature as %s', async (_, signature, key) => {
    publish(signature);
    expect(await installed(trusting(key))).toMatchObject({ version: '18.2.4', source: 'archive' });
    const der = createPublicKey(key.pem).export({ type: 'spki', format: 'der' });
    expect(fixture.lines).toContain(`The archive is signed with key sha256:${sha256(der)}.`);
  });

  it('can be signed with the second of several keys', async () => {
    publish(backup.sign(archive));
    expect(await installed(trusting(primary, backup, rsa))).toMatchObject({ version: '18.2.4' });
  });

  it('has its signature in a file with another extension', async () => {
    publish('damaged');
    publish(primary.sign(archive), archive, 'p256.asc');
    const inputs = { ...trusting(primary), signatureExtension: 'p256.asc' };
    expect(await installed(inputs)).toMatchObject({ version: '18.2.4' });
  });

  it('is downloaded even if the tool cache has that version, and is not added to it', async () => {
    publish(primary.sign(archive));
    const toolCache = join(fixture.directory, '..', `cache-${Math.random()}`);
    await mkdir(toolCache);
    const env = { PATH: '/usr/bin:/bin', RUNNER_TOOL_CACHE: toolCache };
    const change = { env, inputs: trusting(primary) };
    expect(await install(fixture.request(change))).toMatchObject({ source: 'archive' });
    expect(await readdir(toolCache)).toEqual([]);
    expect(fixture.lines).toContain('The tool cache is not used: `signature-key` is set.');
  });

  it('must match `checksum` too', async () => {
    publish(primary.sign(archive));
    const version = { kind: 'exact', version: '18.2.4' } as const;
    const pinned = { ...trusting(primary), version, installFrom: 'archive' } as const;
    const checksum = [sha256(archive)];
    expect(await installed({ ...pinned, checksum })).toMatchObject({ version: '18.2.4' });
    await fixture.next();
    expect(await failing({ ...pinned, checksum: ['0'.repeat(64)] })).toMatchObject({
      code: 'checksum',
    });
  });

  it('is not requested to have a signature without `signature-key`', async () => {
    publish('damaged');
    const before = requested().length;
    expect(await installed({})).toMatchObject({ version: '18.2.4' });
    expect(requested().slice(before)).toEqual([`/${archiveName}.sha256`, `/${archiveName}`]);
  });
});

describe('an archive without a valid signature', () => {
  it.each([
    ['made with another key', foreign.sign(archive), 'is not signed with a key'],
    ['of another archive', primary.sign(tbotOf('18.2.3')), 'is not signed with a key'],
    ['that is damaged', 'MEUC*', 'neither base64 nor'],
    ['that is cut off', primary.sign(archive).subarray(0, 40), 'neither base64 nor'],
    ['that is empty', '', 'neither base64 nor'],
    ['that is too short', 'MEUC', 'neither base64 nor'],
    ['that is a Sigstore bundle', '{"mediaType":"x"}', 'neither base64 nor'],
    ['that is too long', 'A'.repeat(10_000), 'longer than 8192 bytes'],
  ])('is not used: a signature %s', async (_, signature, words) => {
    publish(signature);
    const problem = await failing(trusting(primary, backup));
    expect(problem).toMatchObject({ code: 'signature', message: expect.stringContaining(words) });
  });

  it('is not used: no signature', async () => {
    fixture.testbed.downloads.publish(archiveName, archive);
    const inputs = { ...trusting(primary), signatureExtension: 'none' };
    const problem = await failing(inputs);
    expect(problem).toMatchObject({
      code: 'signature',
      message: expect.stringContaining(`${archiveName}.none (HTTP 404)`),
    });
  });

  it('is not used if it was changed together with its checksum', async () => {
    publish(primary.sign(archive), tbotOf('18.2.4 '));
    expect(await failing(trusting(primary))).toMatchObject({ code: 'signature' });
  });

  it('shows the digest and the keys', async () => {
    publish(foreign.sign(archive));
    const { facts } = await failing(trusting(primary, backup));
    expect(facts?.lines).toEqual([
      `archive: sha256:${sha256(archive)}`,
      expect.stringMatching(/^key: {5}sha256:[0-9a-f]{64}$/),
      expect.stringMatching(/^key: {5}sha256:[0-9a-f]{64}$/),
    ]);
  });

  it('is not used under the name of another version', async () => {
    const old = tbotOf('18.2.3');
    publish(primary.sign(old), old);
    const problem = await fixture.problem({ inputs: trusting(primary) });
    expect(problem).toMatchObject({
      code: 'version',
      message: expect.stringContaining('is tbot 18.2.3, but 18.2.4 was requested'),
    });
  });

  it('is not used on Windows, and no program is extracted', async () => {
    const name = 'teleport-v18.2.4-windows-amd64-bin.zip';
    const bytes = zip([{ name: 'tbot.exe', content: 'MZ tbot' }]);
    const { downloads } = fixture.testbed;
    downloads.publish(name, bytes);
    downloads.publish(`${name}.sig`, foreign.sign(bytes));
    const problem = await failing(trusting(primary), { platform: 'win32' });
    expect(problem).toMatchObject({ code: 'signature' });
    // A valid signature leads to the inspection of the program.
    downloads.publish(`${name}.sig`, primary.sign(bytes));
    const inspected = await fixture.problem({ platform: 'win32', inputs: trusting(primary) });
    expect(inspected).toMatchObject({ code: 'tbot' });
  });
});
