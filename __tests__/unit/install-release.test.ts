import { createHash } from 'node:crypto';
import { gzipSync } from 'node:zlib';

import { describe, expect, it } from 'vitest';

import { tar } from '../../testbed/downloads/tar.ts';
import { zip } from '../../testbed/downloads/zip.ts';
import { type Change, failing, type Failure } from './install-network.fixture.ts';

const site = 'https://cdn.teleport.dev';
const hex = 'ab'.repeat(32);

const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

const emptyTar = gzipSync(tar([]));
const otherZip = zip([{ name: 'README', content: '' }]);

/** Installs from a site whose archives do not contain Teleport's programs. */
const fromEmpty = async (change: Change): Promise<Failure> => {
  const checksum = [sha256(emptyTar), sha256(otherZip)];
  return failing({ ...change, inputs: { checksum, ...change.inputs } }, (url) => ({
    body: url.endsWith('.zip') ? otherZip : emptyTar,
  }));
};

describe('the name of a release archive', () => {
  it.each([
    ['linux', 'x64', 'oss', false, 'teleport-v18.2.4-linux-amd64-bin.tar.gz', 'teleport/tbot'],
    ['linux', 'arm64', 'oss', false, 'teleport-v18.2.4-linux-arm64-bin.tar.gz', 'teleport/tbot'],
    ['linux', 'arm', 'oss', false, 'teleport-v18.2.4-linux-arm-bin.tar.gz', 'teleport/tbot'],
    ['linux', 'ia32', 'oss', false, 'teleport-v18.2.4-linux-386-bin.tar.gz', 'teleport/tbot'],
    [
      'linux',
      'x64',
      'enterprise',
      false,
      'teleport-ent-v18.2.4-linux-amd64-bin.tar.gz',
      'teleport-ent/tbot',
    ],
    [
      'linux',
      'x64',
      'enterprise',
      true,
      'teleport-ent-v18.2.4-linux-amd64-fips-bin.tar.gz',
      'teleport-ent/tbot',
    ],
    [
      'linux',
      'x64',
      'oss',
      true,
      'teleport-ent-v18.2.4-linux-amd64-fips-bin.tar.gz',
      'teleport-ent/tbot',
    ],
    [
      'darwin',
      'arm64',
      'oss',
      false,
      'teleport-v18.2.4-darwin-universal-bin.tar.gz',
      'teleport/tbot',
    ],
    ['win32', 'x64', 'enterprise', false, 'teleport-v18.2.4-windows-amd64-bin.zip', 'tbot.exe'],
  ] as const)(
    'is right for %s %s %s fips=%s',
    async (platform, arch, edition, fips, archive, tbot) => {
      const { problem, urls } = await fromEmpty({ platform, arch, inputs: { edition, fips } });
      expect(urls).toEqual([`${site}/${archive}`]);
      const message = expect.stringContaining(`it does not contain \`${tbot}\``);
      expect(problem).toMatchObject({ code: 'archive', message });
    },
  );

  it.each([
    ['linux', 's390x', false],
    ['darwin', 'arm64', true],
    ['win32', 'x64', true],
    ['freebsd', 'x64', false],
  ] as const)('does not exist for %s %s fips=%s', async (platform, arch, fips) => {
    const { problem, urls } = await failing({ platform, arch, inputs: { edition: 'oss', fips } });
    expect(problem.code).toBe('platform');
    expect(urls).toEqual([]);
  });
});

describe('the path of a program in a release', () => {
  it.each([
    ['darwin', '17.0.0', 'tbot', 'teleport/tbot'],
    ['darwin', '17.0.0', 'tsh', 'teleport/tsh.app/Contents/MacOS/tsh'],
    ['darwin', '18.2.4', 'tctl', 'teleport/tctl.app/Contents/MacOS/tctl'],
    ['darwin', '16.4.16', 'tsh', 'teleport/tsh'],
    ['linux', '18.2.4', 'tsh', 'teleport/tsh'],
  ] as const)('on %s, %s, of %s is %s', async (platform, version, program, path) => {
    const { problem } = await fromEmpty({
      platform,
      inputs: { version: { kind: 'exact', version }, tools: program === 'tbot' ? [] : [program] },
    });
    expect(problem.message).toContain(`\`${path}\``);
  });

  it('on Windows of tctl is tctl.exe', async () => {
    const body = zip([{ name: 'tbot.exe', content: 'MZ' }]);
    const checksum = [sha256(body)];
    const change: Change = { platform: 'win32', inputs: { tools: ['tctl'], checksum } };
    const { problem } = await failing(change, () => ({ body }));
    expect(problem.message).toContain('it does not contain `tctl.exe`');
  });

  it('begins with the name of an enterprise build', async () => {
    const { problem } = await fromEmpty({ inputs: { edition: 'enterprise', tools: ['tsh'] } });
    expect(problem.message).toContain('`teleport-ent/tbot` or `teleport-ent/tsh`');
  });
});

describe('a published checksum', () => {
  const archive = 'teleport-v18.2.4-linux-amd64-bin.tar.gz';
  const published = async (text: string): Promise<Failure['problem']> => {
    const { problem, urls } = await failing({}, (url) => ({
      body: url.endsWith('.sha256') ? text : 'an archive',
    }));
    expect(urls.toSorted()).toEqual([`${site}/${archive}`, `${site}/${archive}.sha256`]);
    expect(problem.code).toBe('checksum');
    return problem;
  };

  it.each([
    ['as shasum writes it', `${hex}  ${archive}\n`],
    ['in binary mode', `${hex} *${archive}\n`],
    ['with a directory', `${hex}  build/${archive}`],
    ['in upper case', `${hex.toUpperCase()}  ${archive}\r\n`],
    ['alone', hex],
    ['among others', `${'cd'.repeat(32)}  b.tar.gz\n${hex}  ${archive}\n`],
  ])('is accepted: %s', async (_, text) => {
    expect((await published(text)).facts?.lines.slice(1)).toEqual([`expected: sha256:${hex}`]);
  });

  it.each([
    ['of another file', `${hex}  b.tar.gz\n`],
    ['too short', `${hex.slice(1)}  ${archive}`],
    ['a web page', '<!doctype html>'],
    ['empty', ''],
  ])('is rejected: %s', async (_, text) => {
    expect((await published(text)).message).toContain('No checksum is published');
  });
});
