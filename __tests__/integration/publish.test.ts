import { readFile } from 'node:fs/promises';
import { delimiter, dirname } from 'node:path';
import tls from 'node:tls';
import { describe, expect, it } from 'vitest';
import { mainFixture } from './main.fixture.ts';

const fixture = mainFixture();
const { play } = fixture;

const path = `${process.env['PATH']}`;

/** Fails like a write to a file of the runner on a full disk. */
function full(): never {
  const message = 'ENOSPC: no space left on device, write';
  const file = '/runner/files/set_output';
  throw Object.assign(new Error(message), { code: 'ENOSPC', syscall: 'write', path: file });
}

describe('what later steps receive', () => {
  it('is only outputs with `export-env: false`', async () => {
    const recording = await play({ inputs: { 'export-env': 'false' } });
    expect(recording.of('fail')).toEqual([]);
    expect(recording.values('output')['identity-file']).toContain(fixture.temp);
    expect(recording.of('exportVariable')).toEqual([]);
    expect(recording.of('addPath')).toEqual([]);
  });

  it('is no credential with `services: []`', async () => {
    const recording = await play({ inputs: { services: '[]' } });
    expect(recording.of('fail')).toEqual([]);
    expect(recording.values('output')).toMatchObject({
      'identity-file': '',
      bot: '',
      'expires-at': '',
      cluster: 'rig.example.com',
    });
    expect(recording.of('exportVariable')).toEqual([]);
    expect(recording.of('info')).toContainEqual([
      'Joined rig.example.com with join method `github`. No credentials were requested.',
    ]);
  });

  it('includes a summary of a successful join with `summary: always`', async () => {
    const recording = await play({ inputs: { summary: 'always' } });
    expect(recording.of('summary').map(([text]) => text)).toEqual([
      expect.stringContaining('Joined `rig.example.com` as bot `ci`'),
    ]);
    expect((await play()).of('summary')).toEqual([]);
  });

  it('is complete even if the summary cannot be written', async () => {
    const recording = await play({
      inputs: { summary: 'always' },
      around: (ci) => ({ ...ci, summary: () => Promise.reject(new Error('no room')) }),
    });
    expect(recording.of('fail')).toEqual([]);
    expect(recording.of('warning')).toEqual([
      ['machine-id-action', 'The job summary cannot be written: no room'],
    ]);
    const messages = recording.of('info').map(([text]) => text);
    expect(messages).toContainEqual(expect.stringContaining('Joined rig.example.com'));
  });

  it.each(['exportVariable', 'output', 'saveState', 'addPath'] as const)(
    'is a Problem if the runner cannot write it: %s',
    async (method) => {
      const recording = await play({ around: (ci) => ({ ...ci, [method]: full }) });
      expect(recording.of('fail')).toEqual([
        [
          'machine-id-action: platform',
          expect.stringContaining('Cannot write to /runner/files: the disk is full'),
        ],
      ]);
    },
  );

  it.each<[Readonly<Record<string, string>>, string]>([
    [
      { TELEPORT_IDENTITY_FILE: '/tmp/other' },
      'This step overrides TELEPORT_IDENTITY_FILE; the post step restores the previous value.',
    ],
    [
      { TELEPORT_PROXY: 'a:443', TELEPORT_TOOLS_VERSION: '18', TELEPORT_CLUSTER: 'kept' },
      'This step overrides TELEPORT_PROXY and TELEPORT_TOOLS_VERSION; the post step restores the previous values.',
    ],
  ])('includes a notice about the variables that it overrides: %j', async (env, notice) => {
    const recording = await play({ env });
    expect(recording.of('notice')).toEqual([['machine-id-action', notice]]);
    const [, exported] = recording.of('exportVariable')[1] ?? [];
    expect(exported).toBe(recording.values('output')['identity-file']);
  });

  it('includes no folder on PATH if tbot was already there', async () => {
    const folder = dirname(await fixture.testbed.tbot());
    const recording = await play({
      inputs: { 'tbot-path': '', version: 'installed' },
      env: { PATH: `${folder}${delimiter}${path}` },
    });
    expect(recording.of('fail')).toEqual([]);
    expect(recording.values('output')['tbot-source']).toBe('installed');
    expect(recording.of('addPath')).toEqual([]);
    expect((await play()).of('addPath')).toHaveLength(1);
  });

  it('is no bundle of CA certificates without `extra-ca-file`', async () => {
    const before = tls.getCACertificates('default');
    tls.setDefaultCACertificates([await readFile(fixture.testbed.caFile, 'utf8')]);
    try {
      const recording = await play({
        inputs: { 'extra-ca-file': '' },
        env: { SSL_CERT_FILE: fixture.testbed.caFile },
      });
      expect(recording.of('fail')).toEqual([]);
      expect(recording.values('output')['ca-bundle']).toBe('');
    } finally {
      tls.setDefaultCACertificates(before);
    }
  });
});
