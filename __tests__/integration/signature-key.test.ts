import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';

import { install, previewTool } from '../../src/install/install.ts';
import { main } from '../../src/main.ts';
import { setup } from '../../src/setup/setup.ts';
import { createSigningKey } from '../../testbed/signatures.ts';
import { type Recording, recordingCi } from '../recording.ts';
import { archiveName, type Change, type Fixture, openFixture, packed } from './install.fixture.ts';

let fixture: Fixture;
let folder: string;
beforeAll(async () => {
  fixture = await openFixture();
});
beforeEach(async () => {
  await fixture.next();
  folder = await mkdtemp(join(tmpdir(), 'signature-key-'));
  return async () => rm(folder, { recursive: true });
});
afterAll(async () => fixture[Symbol.asyncDispose]());

const [key, other] = [createSigningKey(), createSigningKey()];
const archive = packed([
  { name: 'teleport/tbot', content: '#!/bin/sh\necho "Teleport v18.2.4 git:x go1.24"\n' },
]);

function publish(): void {
  const { downloads } = fixture.testbed;
  downloads.publish(archiveName, archive);
  downloads.publish(`${archiveName}.sig`, key.sign(archive));
}

async function keyFile(content: string): Promise<string> {
  await writeFile(join(folder, 'keys.pem'), content);
  return join(folder, 'keys.pem');
}

const from = (path: string, change: Change = {}): Change => ({
  ...change,
  inputs: { signatureKey: { kind: 'file', path } },
});

describe('a file with keys', () => {
  it('is read: an absolute path', async () => {
    publish();
    const path = await keyFile(`# primary\n${other.pem}# backup\n${key.pem}`);
    expect(await install(fixture.request(from(path)))).toMatchObject({ version: '18.2.4' });
  });

  it('is resolved against the workspace if the path is relative', async () => {
    publish();
    await keyFile(key.pem);
    const directories = { ...fixture.request().directories, workspace: folder };
    const request = { ...fixture.request(from('keys.pem')), directories };
    expect(await install(request)).toMatchObject({ version: '18.2.4' });
  });

  it.each([
    ['does not exist', async () => join(folder, 'none.pem'), 'the file does not exist'],
    ['is a folder', async () => folder, 'it is not a regular file'],
    ['is too large', async () => keyFile('#'.repeat(70_000)), 'larger than 64 KiB'],
  ])('is an error if it %s', async (_, path, words) => {
    const problem = await fixture.problem(from(await path()));
    expect(problem).toMatchObject({ code: 'inputs', message: expect.stringContaining(words) });
  });

  it('is read by a dry run too', async () => {
    const valid = fixture.request(from(await keyFile(key.pem)));
    expect(await previewTool(valid)).toEqual({ version: '18.2.4' });
    await keyFile('none');
    await expect(previewTool(valid)).rejects.toMatchObject({ code: 'inputs' });
  });

  it('is an error with the line of each invalid key', async () => {
    const path = await keyFile(`${key.pem}\n${key.pem.replace('MFkw', 'MFk*')}oops\n`);
    const problem = await fixture.problem(from(path));
    expect(problem.code).toBe('inputs');
    expect(problem.errors).toEqual([
      expect.stringContaining('Line 6, column 1: the PEM block is not valid base64'),
      expect.stringContaining('Line 10, column 1: a line is not part of'),
    ]);
  });

  it('is an error if it has no keys', async () => {
    const problem = await fixture.problem(from(await keyFile('# none\n')));
    expect(problem.errors).toEqual(['It contains no public key in PEM.']);
  });

  it('is an error with a private key, which is masked and not shown', async () => {
    const masks: string[] = [];
    const path = await keyFile(key.privatePem);
    const ci = {
      info: () => undefined,
      notice: () => undefined,
      mask: (s: string) => masks.push(s),
    };
    const problem = await fixture.problem(from(path, { ci }));
    expect(problem.errors).toEqual([expect.stringContaining('Line 1, column 1: it is a private')]);
    expect(masks).toEqual(key.privatePem.split('\n').slice(1, -2));
  });
});

/** Returns everything that was logged, written or published. */
const shown = (recording: Recording): string =>
  JSON.stringify(recording.said.filter(([name]) => name !== 'mask'));

describe('a private key in the input', () => {
  const lines = key.privatePem.split('\n').slice(1, -2);

  it.each([
    ['the action', main],
    ['./setup', setup],
  ])('is masked and not shown by %s', async (_, run) => {
    const inputs = { 'signature-key': key.privatePem, proxy: 'x.example.com', token: 'ci-github' };
    const recording = recordingCi({ inputs, env: { RUNNER_TEMP: folder } });
    await run(recording.ci);
    process.exitCode = 0;
    expect(recording.of('mask').flat()).toEqual(expect.arrayContaining([...lines]));
    expect(shown(recording)).toContain('it is a private key');
    for (const line of lines) expect(shown(recording)).not.toContain(line.slice(0, 20));
  });
});

async function play(signatureKey: string): Promise<Recording> {
  publish();
  const { testbed } = fixture;
  const temp = join(folder, 'temp');
  await mkdir(temp);
  await chmod(temp, 0o700);
  const inputs = {
    mirror: testbed.downloads.url,
    'extra-ca-file': testbed.caFile,
    version: '18.2.4',
    tools: 'tbot',
    'install-from': 'archive',
    'signature-key': signatureKey,
  };
  const recording = recordingCi({ inputs, env: { PATH: '/usr/bin:/bin', RUNNER_TEMP: temp } });
  await setup(recording.ci);
  process.exitCode = 0;
  return recording;
}

describe('./setup', () => {
  it('installs signed programs', async () => {
    const recording = await play(key.pem);
    expect(recording.of('fail')).toEqual([]);
    expect(recording.values('output')).toMatchObject({ version: '18.2.4' });
  });

  it('rejects others', async () => {
    const recording = await play(other.pem);
    expect(recording.of('fail')).toEqual([
      ['machine-id-action: signature', expect.stringContaining('is not signed with a key')],
    ]);
    expect(recording.of('addPath')).toEqual([]);
  });
});
