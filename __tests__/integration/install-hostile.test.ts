import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';

import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';

import { install } from '../../src/install/install.ts';
import { paxHeader, tar, type TarMember } from '../../testbed/downloads/tar.ts';
import { cluster, openFixture, packed, type Fixture } from './install.fixture.ts';

let fixture: Fixture;

beforeAll(async () => {
  fixture = await openFixture();
});
beforeEach(async () => fixture.next());
afterAll(async () => fixture[Symbol.asyncDispose]());

describe('a hostile archive', () => {
  const tbot: TarMember = { name: 'teleport/tbot', content: '#!/bin/sh\n' };
  const cases: [string, () => Uint8Array, string][] = [
    [
      'without tbot',
      () => packed([{ name: 'teleport/tsh', content: 'x' }]),
      'does not contain `teleport/tbot`',
    ],
    ['tbot is a directory', () => packed([{ name: 'teleport/tbot/', type: '5' }]), 'directory'],
    [
      'tbot is a link',
      () => packed([{ name: 'teleport/tbot', type: '2', linkName: 'tsh' }]),
      'link',
    ],
    ['tbot is a device', () => packed([{ name: 'teleport/tbot', type: '3' }]), 'device'],
    ['tbot is a sparse file', () => packed([{ name: 'teleport/tbot', type: 'S' }]), 'sparse file'],
    [
      'tbot is a sparse file by a pax header',
      () => packed([paxHeader({ 'GNU.sparse.realsize': '9' }), tbot]),
      'sparse file',
    ],
    ['tbot is of an unknown kind', () => packed([{ name: 'teleport/tbot', type: 'V' }]), 'unknown'],
    [
      'an impossible size',
      () => packed([paxHeader({ size: '9007199254740991' }), tbot]),
      'larger than 1 GiB',
    ],
    ['cut in a member', () => gzipSync(tar([tbot]).subarray(0, 515)), 'truncated'],
    ['cut in the gzip stream', () => packed([{ name: 'a', content: 'x' }]).subarray(0, 40), 'gzip'],
    [
      'a size beyond the end',
      () => packed([{ name: 'a', content: '', size: 5 * 2 ** 30 }]),
      'truncated',
    ],
    [
      'garbage after the gzip stream',
      () => Buffer.concat([packed([tbot]), Buffer.from('garbage')]),
      'gzip',
    ],
    ['not gzip', () => Buffer.from('hello'), 'gzip'],
    ['empty', () => Buffer.alloc(0), 'gzip'],
  ];

  it.each(cases)('is rejected: %s', async (_, bytes, words) => {
    const file = 'teleport-v18.3.1-linux-amd64-bin.tar.gz';
    fixture.testbed.downloads.publish(file, bytes());
    const found = await fixture.problem({ cluster: { ...cluster, serverVersion: '18.3.1' } });
    expect(found).toMatchObject({ code: 'archive', message: expect.stringContaining(words) });
    expect(await readdir(fixture.directory)).toEqual([]);
  });

  it('is reported as `checksum` if the checksum does not match either', async () => {
    fixture.testbed.downloads.publish(
      'teleport-v18.3.1-linux-amd64-bin.tar.gz',
      Buffer.from('hello'),
    );
    fixture.testbed.faults.downloads = { kind: 'wrong-checksum' };
    const found = await fixture.problem({ cluster: { ...cluster, serverVersion: '18.3.1' } });
    expect(found).toMatchObject({ code: 'checksum' });
  });

  it('is not parsed after tbot', async () => {
    const bytes = packed([
      { name: 'teleport/tbot', content: '#!/bin/sh\necho Teleport v18.3.1\n' },
      { name: '../evil', content: 'x' },
    ]);
    fixture.testbed.downloads.publish('teleport-v18.3.1-linux-amd64-bin.tar.gz', bytes);
    const tool = await install(
      fixture.request({ cluster: { ...cluster, serverVersion: '18.3.1' } }),
    );
    expect(tool).toMatchObject({ version: '18.3.1' });
    expect(await readdir(join(fixture.directory, '..'))).not.toContain('evil');
  });

  it('cannot write other members', async () => {
    const bytes = packed([
      { name: '../evil', content: 'x' },
      { name: '/tmp/evil', content: 'x' },
      { name: 'teleport', type: '2', linkName: '/tmp' },
      { name: 'device', type: '3' },
      { name: 'teleport/tbot', content: '#!/bin/sh\necho Teleport v18.3.1\n' },
    ]);
    fixture.testbed.downloads.publish('teleport-v18.3.1-linux-amd64-bin.tar.gz', bytes);
    await install(fixture.request({ cluster: { ...cluster, serverVersion: '18.3.1' } }));
    expect(await readdir(fixture.directory)).toEqual(['tbot']);
    expect(await readdir(join(fixture.directory, '..'))).not.toContain('evil');
  });

  it('is rejected if tbot has another version than the file name', async () => {
    const bytes = packed([
      { name: 'teleport/tbot', content: '#!/bin/sh\necho Teleport v18.3.0\n' },
    ]);
    fixture.testbed.downloads.publish('teleport-v18.3.1-linux-amd64-bin.tar.gz', bytes);
    const found = await fixture.problem({ cluster: { ...cluster, serverVersion: '18.3.1' } });
    expect(found).toMatchObject({ code: 'version' });
  });
});
