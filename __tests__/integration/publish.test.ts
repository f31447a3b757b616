import { readFile } from 'node:fs/promises';
import { delimiter, dirname } from 'node:path';
import tls from 'node:tls';
import { describe, expect, it } from 'vitest';
import { mainFixture } from './main.fixture.ts';

const fixture = mainFixture();
const { play } = fixture;

const path = `${process.env['PATH']}`;

/** A file of the runner on a disk without room. */
function full(): never {
  const message = 'ENOSPC: no space left on device, write';
  const file = '/runner/files/set_output';
  throw Object.assign(new Error(message), { code: 'ENOSPC', syscall: 'write', path: file });
}

describe('what later steps receive', () => {
  it('is outputs and nothing else with `export-env: false`', async () => {
    const recording = await play({ inputs: { 'export-env': 'false' } });
    expect(recording.of('fail')).toEqual([]);
    expect(recording.values('output')['identity-file']).toContain(fixture.temp);
    expect(recording.of('exportVariable')).toEqual([]);
    expect(recording.of('addPath')).toEqual([]);
  });

  it('is no credential where none was asked for', async () => {
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
      'Joined rig.example.com by github; no credential was asked for.',
    ]);
  });

  it('is a summary also of a join that went well, where one is always wanted', async () => {
    const recording = await play({ inputs: { summary: 'always' } });
    expect(recording.of('summary').map(([text]) => text)).toEqual([
      expect.stringContaining('| Cluster | `rig.example.com` |'),
    ]);
    expect((await play()).of('summary')).toEqual([]);
  });

  it('is all of it also when no summary can be written', async () => {
    const recording = await play({
      inputs: { summary: 'always' },
      around: (ci) => ({ ...ci, summary: () => Promise.reject(new Error('no room')) }),
    });
    expect(recording.of('fail')).toEqual([]);
    expect(recording.of('warning')).toEqual([
      ['machine-id-action', 'There is no job summary: no room'],
    ]);
    const messages = recording.of('info').map(([text]) => text);
    expect(messages).toContainEqual(expect.stringContaining('Joined rig.example.com'));
  });

  it.each(['exportVariable', 'output', 'saveState', 'addPath'] as const)(
    'needs a runner that takes it: %s',
    async (method) => {
      const recording = await play({ around: (ci) => ({ ...ci, [method]: full }) });
      expect(recording.of('fail')).toEqual([
        [
          'machine-id-action: platform',
          expect.stringContaining('written below /runner/files: the disk is full'),
        ],
      ]);
    },
  );

  it('says when another identity was set before', async () => {
    const recording = await play({ env: { TELEPORT_IDENTITY_FILE: '/tmp/other' } });
    expect(recording.of('notice')).toEqual([
      ['machine-id-action', expect.stringContaining('TELEPORT_IDENTITY_FILE was set before')],
    ]);
    const [, exported] = recording.of('exportVariable')[1] ?? [];
    expect(exported).toBe(recording.values('output')['identity-file']);
  });

  it('is no folder on PATH where tbot was there already', async () => {
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

  it('is no bundle of authorities where the machine trusts the proxy by itself', async () => {
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
